#include <cstdlib>
#include <cstring>

#include "operations.hpp"

#ifdef __linux__
#include <signal.h>
#include <sys/prctl.h>
#endif
#ifndef _WIN32
#include <sys/resource.h>
#endif

/** The system kills this process when its parent dies, also while a native call holds the event loop. Linux only.
 *  @returns whether the system took the wish */
Napi::Value setParentDeathSignal(const Napi::CallbackInfo& info) {
#ifdef __linux__
  return Napi::Boolean::New(info.Env(), prctl(PR_SET_PDEATHSIG, SIGKILL) == 0);
#else
  return Napi::Boolean::New(info.Env(), false);
#endif
}

/** Limits the data segment (heap and private maps) of this process: beyond it allocations fail instead of the machine.
 *  @returns whether the system took the wish */
Napi::Value limitDataBytes(const Napi::CallbackInfo& info) {
#ifndef _WIN32
  struct rlimit limit;
  if (getrlimit(RLIMIT_DATA, &limit) != 0) return Napi::Boolean::New(info.Env(), false);
  limit.rlim_cur = static_cast<rlim_t>(info[0].As<Napi::Number>().Int64Value());
  if (limit.rlim_max != RLIM_INFINITY && limit.rlim_cur > limit.rlim_max) limit.rlim_cur = limit.rlim_max;
  return Napi::Boolean::New(info.Env(), setrlimit(RLIMIT_DATA, &limit) == 0);
#else
  return Napi::Boolean::New(info.Env(), false);
#endif
}

/** Dies as native code dies, to test what the parent does then; only where LOAM_FAULT=crash asks for it. */
Napi::Value crashForTest(const Napi::CallbackInfo& info) {
  const char* fault = std::getenv("LOAM_FAULT");
  if (fault != nullptr && std::strcmp(fault, "crash") == 0) std::abort();
  return info.Env().Undefined();
}
