#pragma once
// Counters, gauges and histograms in the Prometheus text format 0.0.4.
//   static Counter& refused = metrics().counter("chancery_transactions_refused_total", "Transactions refused.");
//   refused.add();
// Look a metric up once and keep the reference, which lives as long as its registry: updates are then single relaxed
// atomic operations. Looking up takes a lock. Names are constants: chancery_*_total for counters, a unit at the end
// (_seconds, _bytes) for histograms; a wrong name is a bug and stops the program.

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace chancery {

class Counter {
 public:
  void add(std::uint64_t amount = 1) { value_.fetch_add(amount, std::memory_order_relaxed); }
  std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_ = 0;
};

class Gauge {
 public:
  void set(double value) { value_.store(value, std::memory_order_relaxed); }
  void add(double amount) { value_.fetch_add(amount, std::memory_order_relaxed); }
  double value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<double> value_ = 0;
};

class Histogram {
 public:
  /// Ascending upper bounds, the last bucket (+Inf) is added.
  explicit Histogram(std::vector<double> upper_bounds);

  void observe(double value);
  std::uint64_t count() const;
  double sum() const { return sum_.load(std::memory_order_relaxed); }
  const std::vector<double>& upper_bounds() const { return upper_bounds_; }
  /// Observations in bucket `index` alone; index upper_bounds().size() is +Inf.
  std::uint64_t bucket(std::size_t index) const { return buckets_[index].load(std::memory_order_relaxed); }

 private:
  std::vector<double> upper_bounds_;
  std::unique_ptr<std::atomic<std::uint64_t>[]> buckets_;
  std::atomic<double> sum_ = 0;
};

/// 0.1 ms to 30 s.
std::vector<double> default_seconds_buckets();

using MetricLabels = std::vector<std::pair<std::string, std::string>>;

class MetricsRegistry {
 public:
  /// The same name and labels give the same metric. Beyond 1,000 label sets of one name, further ones share the set in
  /// which every value is "other", so that input cannot fill the memory.
  Counter& counter(std::string_view name, std::string_view help, MetricLabels labels = {});
  Gauge& gauge(std::string_view name, std::string_view help, MetricLabels labels = {});
  Histogram& histogram(std::string_view name, std::string_view help, MetricLabels labels = {},
                       std::vector<double> upper_bounds = default_seconds_buckets());

  /// "text/plain; version=0.0.4". Thread-safe; each value is read once, not all at one instant.
  std::string prometheus_text() const;

 private:
  template <class Metric>
  struct Family {
    std::string help;
    std::map<std::string, std::unique_ptr<Metric>> by_labels;  ///< `a="x",b="y"`
  };
  template <class Metric>
  using Families = std::map<std::string, Family<Metric>, std::less<>>;

  template <class Metric, class Make>
  Metric& find_or_make(Families<Metric>& families, std::string_view name, std::string_view help, MetricLabels labels,
                       Make make);

  mutable std::mutex mutex_;
  Families<Counter> counters_;
  Families<Gauge> gauges_;
  Families<Histogram> histograms_;
};

/// The registry of this process.
MetricsRegistry& metrics();

}  // namespace chancery
