#include "base/metrics.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "base/result.h"

namespace chancery {

namespace {

constexpr std::size_t kMaxLabelSets = 1000;

std::string label_text(const MetricLabels& labels) {
  std::string out;
  for (const auto& [name, value] : labels) {
    if (!out.empty()) out.push_back(',');
    out.append(name).append("=\"");
    for (const char c : value) {
      if (c == '\n') {
        out.append("\\n");
        continue;
      }
      if (c == '"' || c == '\\') out.push_back('\\');
      out.push_back(c);
    }
    out.push_back('"');
  }
  return out;
}

/// `name{labels,more} value`, braces only where there are labels.
template <class Value>
void append_sample(std::string& out, std::string_view name, std::string_view labels, std::string_view more,
                   const Value& value) {
  out.append(name);
  if (!labels.empty() || !more.empty()) {
    out.append("{").append(labels).append(!labels.empty() && !more.empty() ? "," : "").append(more).append("}");
  }
  fmt::format_to(std::back_inserter(out), " {}\n", value);
}

void append_heading(std::string& out, std::string_view name, std::string_view help, std::string_view type) {
  fmt::format_to(std::back_inserter(out), "# HELP {} {}\n# TYPE {} {}\n", name, help, name, type);
}

void append_histogram(std::string& out, std::string_view name, std::string_view labels, const Histogram& histogram) {
  std::uint64_t cumulative = 0;
  for (std::size_t i = 0; i <= histogram.upper_bounds().size(); ++i) {
    cumulative += histogram.bucket(i);
    const std::string bound =
        i < histogram.upper_bounds().size() ? fmt::format("{}", histogram.upper_bounds()[i]) : "+Inf";
    append_sample(out, fmt::format("{}_bucket", name), labels, fmt::format("le=\"{}\"", bound), cumulative);
  }
  append_sample(out, fmt::format("{}_sum", name), labels, "", histogram.sum());
  append_sample(out, fmt::format("{}_count", name), labels, "", cumulative);
}

}  // namespace

Histogram::Histogram(std::vector<double> upper_bounds)
    : upper_bounds_(std::move(upper_bounds)),
      buckets_(std::make_unique<std::atomic<std::uint64_t>[]>(upper_bounds_.size() + 1)) {
  CHANCERY_CHECK(std::ranges::is_sorted(upper_bounds_));
}

void Histogram::observe(double value) {
  const auto bound = std::ranges::lower_bound(upper_bounds_, value);
  const auto index = static_cast<std::size_t>(bound - upper_bounds_.begin());
  buckets_[index].fetch_add(1, std::memory_order_relaxed);
  sum_.fetch_add(value, std::memory_order_relaxed);
}

std::uint64_t Histogram::count() const {
  std::uint64_t total = 0;
  for (std::size_t i = 0; i <= upper_bounds_.size(); ++i) total += bucket(i);
  return total;
}

std::vector<double> default_seconds_buckets() {
  return {0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30};
}

template <class Metric, class Make>
Metric& MetricsRegistry::find_or_make(Families<Metric>& families, std::string_view name, std::string_view help,
                                      MetricLabels labels, Make make) {
  CHANCERY_CHECK(name.starts_with("chancery_"));
  const std::lock_guard lock(mutex_);
  auto& family = families[std::string(name)];
  if (family.help.empty()) family.help = help;
  std::string key = label_text(labels);
  if (family.by_labels.size() >= kMaxLabelSets && !family.by_labels.contains(key)) {
    for (auto& label : labels) label.second = "other";
    key = label_text(labels);
  }
  auto& metric = family.by_labels[key];
  if (metric == nullptr) metric = make();
  return *metric;
}

Counter& MetricsRegistry::counter(std::string_view name, std::string_view help, MetricLabels labels) {
  CHANCERY_CHECK(name.ends_with("_total"));
  return find_or_make(counters_, name, help, std::move(labels), [] { return std::make_unique<Counter>(); });
}

Gauge& MetricsRegistry::gauge(std::string_view name, std::string_view help, MetricLabels labels) {
  CHANCERY_CHECK(!name.ends_with("_total"));
  return find_or_make(gauges_, name, help, std::move(labels), [] { return std::make_unique<Gauge>(); });
}

Histogram& MetricsRegistry::histogram(std::string_view name, std::string_view help, MetricLabels labels,
                                      std::vector<double> upper_bounds) {
  CHANCERY_CHECK(name.ends_with("_seconds") || name.ends_with("_bytes") || name.ends_with("_size"));
  return find_or_make(histograms_, name, help, std::move(labels),
                      [&] { return std::make_unique<Histogram>(std::move(upper_bounds)); });
}

std::string MetricsRegistry::prometheus_text() const {
  const std::lock_guard lock(mutex_);
  std::string out;
  for (const auto& [name, family] : counters_) {
    append_heading(out, name, family.help, "counter");
    for (const auto& [labels, counter] : family.by_labels) append_sample(out, name, labels, "", counter->value());
  }
  for (const auto& [name, family] : gauges_) {
    append_heading(out, name, family.help, "gauge");
    for (const auto& [labels, gauge] : family.by_labels) append_sample(out, name, labels, "", gauge->value());
  }
  for (const auto& [name, family] : histograms_) {
    append_heading(out, name, family.help, "histogram");
    for (const auto& [labels, histogram] : family.by_labels) append_histogram(out, name, labels, *histogram);
  }
  return out;
}

MetricsRegistry& metrics() {
  static MetricsRegistry registry;
  return registry;
}

}  // namespace chancery
