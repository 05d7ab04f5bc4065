#pragma once
#include <napi.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "../kernel/failure.hpp"
#include "../kernel/work.hpp"

/** One call of a kernel on a thread without V8. JavaScript gets `{ promise, stop() }`; the promise is refused with an error
 *  whose `code` is one of contract/errors.ts. */
class KernelTask : public Napi::AsyncWorker {
 public:
  /** @param options has `threads` and may have `onProgress(share)` */
  KernelTask(Napi::Env env, const Napi::Object& options)
      : Napi::AsyncWorker(env), deferred_(Napi::Promise::Deferred::New(env)), stop_(std::make_shared<std::atomic<bool>>(false)) {
    const Napi::Value threads = options.Get("threads");
    if (!threads.IsNumber()) throw Napi::TypeError::New(env, "threads must be a number");
    work_.threads = threads.As<Napi::Number>().Uint32Value();
    work_.stop = stop_.get();
    const Napi::Value onProgress = options.Get("onProgress");
    if (!onProgress.IsFunction()) return;
    progress_ = Napi::ThreadSafeFunction::New(env, onProgress.As<Napi::Function>(), "loam progress", 0, 1);
    work_.progress = [this](double share) { tell(share); };
  }

  Napi::Value start() {
    const Napi::Env env = Env();
    const auto stop = stop_;
    Napi::Object result = Napi::Object::New(env);
    result.Set("promise", deferred_.Promise());
    result.Set("stop", Napi::Function::New(env, [stop](const Napi::CallbackInfo&) { stop->store(true); }));
    Queue();
    return result;
  }

 protected:
  /** Keeps arrays from being collected while the kernel reads or fills them. */
  void hold(const Napi::Value& value) { held_.push_back(Napi::Persistent(value.As<Napi::Object>())); }

  virtual void compute(const loam::Work& work) = 0;
  virtual Napi::Value pack(Napi::Env env) = 0;

 private:
  void Execute() override {
    try {
      work_.throwIfStopped();
      compute(work_);
      return;
    } catch (const loam::Failure& failure) {
      fail(failure.code(), failure.what());
    } catch (const std::bad_alloc&) {
      fail("out_of_memory", "There is not enough memory. Use fewer threads, or fewer rows and trees for a forest, or neighbours for kriging.");
    } catch (const std::exception& other) {
      fail("internal", other.what());
    }
    SetError("failed");
  }
  void fail(const char* code, const char* message) { code_ = code, message_ = message; }

  void OnOK() override {
    const Napi::HandleScope scope(Env());
    end();
    try {
      deferred_.Resolve(pack(Env()));
    } catch (const Napi::Error& error) {
      deferred_.Reject(error.Value());
    }
  }
  void OnError(const Napi::Error&) override {
    const Napi::HandleScope scope(Env());
    end();
    Napi::Error error = Napi::Error::New(Env(), message_);
    error.Set("code", Napi::String::New(Env(), code_));
    deferred_.Reject(error.Value());
  }
  void end() {
    if (progress_) progress_.Release();
  }

  /** At most some twenty times a second: the kernel may count items much faster than anyone can look. */
  void tell(double share) {
    const auto now = std::chrono::steady_clock::now();
    if (share < 1 && now - lastTold_ < std::chrono::milliseconds(50)) return;
    lastTold_ = now;
    progress_.NonBlockingCall([share](Napi::Env env, Napi::Function call) { call.Call({Napi::Number::New(env, share)}); });
  }

  Napi::Promise::Deferred deferred_;
  std::shared_ptr<std::atomic<bool>> stop_;
  Napi::ThreadSafeFunction progress_;
  std::chrono::steady_clock::time_point lastTold_;
  loam::Work work_;
  std::vector<Napi::ObjectReference> held_;
  std::string code_ = "internal";
  std::string message_;
};
