#pragma once
#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace loam {

/** Threads that stay, for work of many short steps: a step is handed over in some microseconds, where starting threads anew
 *  (see parallelFor) would take longer than the step. */
class Team {
 public:
  /** Fewer threads are taken when the system refuses more; that changes no result. */
  explicit Team(unsigned threads);
  ~Team();
  Team(const Team&) = delete;
  Team& operator=(const Team&) = delete;

  /** The caller and its helpers. */
  unsigned size() const { return static_cast<unsigned>(helpers_.size()) + 1; }

  /** Calls task(item, worker) for every item in [0, count), each once, in no fixed order; worker < size().
   *  The first exception is thrown again here, once all are at rest. */
  void each(std::size_t count, const std::function<void(std::size_t, unsigned)>& task);

 private:
  void help(unsigned worker);
  void take(unsigned worker);

  std::vector<std::thread> helpers_;
  std::mutex mutex_;
  std::condition_variable begins_;
  std::condition_variable ends_;
  /** Raised with each step, and at the end. */
  std::atomic<std::size_t> step_{0};
  std::atomic<std::size_t> busy_{0};
  std::atomic<bool> leave_{false};
  const std::function<void(std::size_t, unsigned)>* task_ = nullptr;
  std::size_t count_ = 0;
  std::atomic<std::size_t> next_{0};
  std::exception_ptr failure_;
};

}  // namespace loam
