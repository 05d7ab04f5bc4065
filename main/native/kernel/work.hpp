#pragma once
#include <atomic>
#include <cstddef>
#include <functional>

namespace loam {

/** How a kernel is run: with how many threads, how it is stopped, whom it tells how far it is. */
struct Work {
  unsigned threads = 1;
  /** Becomes true from outside; the kernel then ends with a `cancelled` Failure within about 50 ms. */
  const std::atomic<bool>* stop = nullptr;
  /** Called with the share done, 0 to 1, from any one thread at a time. May be empty. */
  std::function<void(double)> progress;

  bool isStopped() const { return stop != nullptr && stop->load(std::memory_order_relaxed); }
  /** @throws Failure cancelled once the stop flag is set */
  void throwIfStopped() const;
};

/** Calls task(item, worker) for every item in [0, count), each once, on work.threads threads; worker < work.threads.
 *  The first exception stops the others and is thrown again here. The order of items is not fixed, so a task must write only
 *  to what belongs to its item or worker. Progress is told after each item. */
void parallelFor(std::size_t count, const Work& work, const std::function<void(std::size_t, unsigned)>& task);

}  // namespace loam
