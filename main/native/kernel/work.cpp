#include "work.hpp"

#include <algorithm>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

#include "failure.hpp"

namespace loam {

void Work::throwIfStopped() const {
  if (isStopped()) throw Failure("cancelled", "Stopped on request.");
}

void parallelFor(std::size_t count, const Work& work, const std::function<void(std::size_t, unsigned)>& task) {
  std::atomic<std::size_t> next{0};
  std::atomic<bool> failed{false};
  std::mutex mutex;
  std::exception_ptr failure;
  std::size_t done = 0;

  const auto run = [&](unsigned worker) {
    try {
      for (;;) {
        const std::size_t item = next.fetch_add(1, std::memory_order_relaxed);
        if (item >= count || failed.load(std::memory_order_relaxed)) return;
        work.throwIfStopped();
        task(item, worker);
        const std::lock_guard<std::mutex> lock(mutex);
        done++;
        if (work.progress) work.progress(static_cast<double>(done) / static_cast<double>(count));
      }
    } catch (...) {
      const std::lock_guard<std::mutex> lock(mutex);
      if (!failure) failure = std::current_exception();
      failed.store(true, std::memory_order_relaxed);
    }
  };

  const std::size_t wanted = std::max<std::size_t>(1, std::min<std::size_t>(work.threads, count));
  std::vector<std::thread> helpers;
  for (unsigned worker = 1; worker < wanted; worker++) {
    try {
      helpers.emplace_back(run, worker);
    } catch (const std::system_error&) {
      break;  // No more threads to be had: the ones we have do the work, with the same result.
    }
  }
  run(0);
  for (std::thread& helper : helpers) helper.join();
  if (failure) std::rethrow_exception(failure);
}

}  // namespace loam
