#include "team.hpp"

#include <system_error>

namespace loam {
namespace {

/** Looks this often before sleeping: some ten microseconds, about what waking up takes. */
constexpr int glances = 2000;

inline void pause() {
#if defined(__x86_64__) && defined(__GNUC__)
  __builtin_ia32_pause();
#else
  std::this_thread::yield();
#endif
}

}  // namespace

Team::Team(unsigned threads) {
  for (unsigned worker = 1; worker < threads; worker++) {
    try {
      helpers_.emplace_back([this, worker] { help(worker); });
    } catch (const std::system_error&) {
      break;
    }
  }
}

Team::~Team() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    leave_.store(true);
    step_.fetch_add(1);
  }
  begins_.notify_all();
  for (std::thread& helper : helpers_) helper.join();
}

void Team::each(std::size_t count, const std::function<void(std::size_t, unsigned)>& task) {
  if (helpers_.empty() || count < 2) {
    for (std::size_t item = 0; item < count; item++) task(item, 0);
    return;
  }
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    task_ = &task;
    count_ = count;
    failure_ = nullptr;
    next_.store(0);
    busy_.store(helpers_.size());
    step_.fetch_add(1);
  }
  begins_.notify_all();
  take(0);
  for (int glance = 0; glance < glances && busy_.load() > 0; glance++) pause();
  std::unique_lock<std::mutex> lock(mutex_);
  ends_.wait(lock, [&] { return busy_.load() == 0; });
  if (failure_) std::rethrow_exception(failure_);
}

void Team::help(unsigned worker) {
  std::size_t seen = 0;
  for (;;) {
    for (int glance = 0; glance < glances && step_.load() == seen; glance++) pause();
    {
      std::unique_lock<std::mutex> lock(mutex_);
      begins_.wait(lock, [&] { return step_.load() != seen; });
      seen = step_.load();
    }
    if (leave_.load()) return;
    take(worker);
    // Under the lock, so that the caller cannot look and fall asleep in between.
    const std::lock_guard<std::mutex> lock(mutex_);
    if (busy_.fetch_sub(1) == 1) ends_.notify_one();
  }
}

void Team::take(unsigned worker) {
  try {
    for (;;) {
      const std::size_t item = next_.fetch_add(1);
      if (item >= count_) return;
      (*task_)(item, worker);
    }
  } catch (...) {
    next_.store(count_);
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!failure_) failure_ = std::current_exception();
  }
}

}  // namespace loam
