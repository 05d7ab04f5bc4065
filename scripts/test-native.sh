#!/usr/bin/env bash
# Builds the kernels without Node and runs their tests under the address, undefined-behaviour and thread sanitizers.
# Stops at the first failure. Objects are kept in out/kernel-tests/ (node-gyp empties its own build folder), so a second run only rebuilds what changed.
set -euo pipefail
cd "$(dirname "$0")/../main/native"
for sanitizer in address undefined thread; do
  folder="../../out/kernel-tests/$sanitizer"
  cmake -S . -B "$folder" -DLOAM_SANITIZE=$sanitizer >"/tmp/loam-cmake-$$.log" 2>&1 || { cat "/tmp/loam-cmake-$$.log"; exit 1; }
  rm -f "/tmp/loam-cmake-$$.log"
  cmake --build "$folder" -j "$(nproc)" --target kernel-tests -- --no-print-directory | grep -vE '^\[ *[0-9]+%\]|^(Consolidate|Scanning)' || [ "${PIPESTATUS[0]}" -eq 0 ]
  printf '  %s: ' $sanitizer
  "$folder/kernel-tests"
done
