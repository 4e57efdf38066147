#pragma once
// A whole node of a small network behind real HTTP, for tests.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <memory>

#include "api/app.h"
#include "api/client.h"
#include "base/json.h"
#include "node/node_files.h"
#include "tests/support/small_network.h"
#include "tests/support/temporary_directory.h"

namespace chancery::api::testing {

inline constexpr std::string_view kPassphrase = "correct horse battery";
inline constexpr std::string_view kIssuer = "mawei.issuer";

class RunningApp {
 public:
  RunningApp() : network_("gm", 7) {
    std::filesystem::create_directories(directory_ / "keys");
    write(node::genesis_path(directory_.path()), network_.genesis().document.dump());
    write(node::node_key_path(directory_.path()), *network_.node_key().to_pkcs8_pem(kPassphrase, random_));
    write(node::node_log_key_path(directory_.path()), *network_.log_key().to_pkcs8_pem(kPassphrase, random_));
    open();
    const auto imported = services_->sessions().import_key(kIssuer, network_.issuer_key(), kPassphrase);
    EXPECT_TRUE(imported) << imported.error().message();
  }
  ~RunningApp() { close(); }

  /// Stops and starts everything, as a restart of the process does.
  void restart() {
    close();
    open();
  }

  Client client() { return std::move(*Client::create("127.0.0.1:" + std::to_string(app_->port()))); }
  /// A client whose requests are signed by the issuer.
  Client issuer() {
    Client out = client();
    const Json login = {{"account", kIssuer}, {"passphrase", kPassphrase}};
    const auto answer = out.post("/v1/session", "application/json", login.dump());
    EXPECT_EQ(answer->status, 201) << answer->body;
    out.set_header("Authorization", "Bearer " + parse_json(answer->body)->at("token").get<std::string>());
    return out;
  }
  test::SmallNetwork& network() { return network_; }
  node::Node& node() { return *node_; }
  node::Services& services() { return *services_; }
  App& app() { return *app_; }
  std::int64_t now_ms() const { return clock_.now_ms(); }

 private:
  static void write(const std::string& path, const std::string& text) { std::ofstream(path) << text; }

  void open() {
    auto opened =
        node::Node::open({.directory = directory_.path(), .passphrase = std::string(kPassphrase)}, clock_, random_);
    if (!opened) std::fprintf(stderr, "%s\n", opened.error().message().c_str());
    CHANCERY_CHECK(opened.has_value());
    node_ = std::move(*opened);
    node::ServicesOptions options;
    options.passphrase = std::string(kPassphrase);
    auto services = node::Services::open(*node_, options);
    if (!services) std::fprintf(stderr, "%s\n", services.error().message().c_str());
    CHANCERY_CHECK(services.has_value());
    services_ = std::move(*services);
    ApiOptions api;
    api.port = 0;
    auto app = App::start(*node_, *services_, api);
    CHANCERY_CHECK(app.has_value());
    app_ = std::move(*app);
  }

  void close() {
    app_->stop();
    app_.reset();
    services_->stop();
    services_.reset();
    node_->stop();
    node_.reset();
  }

  test::TemporaryDirectory directory_;
  SystemClock clock_;
  SystemRandom random_;
  test::SmallNetwork network_;
  std::unique_ptr<node::Node> node_;
  std::unique_ptr<node::Services> services_;
  std::unique_ptr<App> app_;
};

}  // namespace chancery::api::testing
