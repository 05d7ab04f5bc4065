{
  "variables": {
    "strict": ["-Wall", "-Wextra", "-Werror", "-O3", "-fno-tree-slp-vectorize", "-ffp-contract=off", "-fno-math-errno", "-fvisibility=hidden"]
  },
  "target_defaults": {
    "cflags!": ["-fno-exceptions"],
    "cflags_cc!": ["-fno-exceptions", "-std=gnu++17", "-std=gnu++20", "-fno-rtti", "-Wno-unused-parameter"],
    "cflags_cc": ["-std=c++17", "-fexceptions", "<@(strict)"],
    "xcode_settings": {
      "CLANG_CXX_LANGUAGE_STANDARD": "c++17",
      "GCC_ENABLE_CPP_EXCEPTIONS": "YES",
      "MACOSX_DEPLOYMENT_TARGET": "11.0",
      "OTHER_CPLUSPLUSFLAGS": ["<@(strict)"]
    },
    "msvs_settings": {
      "VCCLCompilerTool": { "ExceptionHandling": 1, "AdditionalOptions": ["/std:c++17", "/fp:precise"] }
    }
  },
  "targets": [
    {
      "target_name": "kernel",
      "type": "static_library",
      "cflags": ["-fPIC"],
      "sources": [
        "kernel/area-kriging.cpp",
        "kernel/boosted-split.cpp",
        "kernel/cholesky.cpp",
        "kernel/cut-table.cpp",
        "kernel/forest-file.cpp",
        "kernel/forest.cpp",
        "kernel/grow-tree.cpp",
        "kernel/instruction-set.cpp",
        "kernel/kernel-rows.cpp",
        "kernel/kriging-loops.cpp",
        "kernel/kriging-nearby.cpp",
        "kernel/kriging.cpp",
        "kernel/leaf-rows.cpp",
        "kernel/leaf-samples.cpp",
        "kernel/mask-walk.cpp",
        "kernel/nearest-row.cpp",
        "kernel/neighbourhoods.cpp",
        "kernel/point-search.cpp",
        "kernel/predict-forest.cpp",
        "kernel/predict-intervals.cpp",
        "kernel/predict-leaf-rows.cpp",
        "kernel/predict-svr.cpp",
        "kernel/radial-kernel.cpp",
        "kernel/select-ranks.cpp",
        "kernel/sha256.cpp",
        "kernel/sorted-list.cpp",
        "kernel/strip-factor.cpp",
        "kernel/team.cpp",
        "kernel/train-boosted.cpp",
        "kernel/train-forest.cpp",
        "kernel/train-svr.cpp",
        "kernel/training-data.cpp",
        "kernel/variogram-model.cpp",
        "kernel/work.cpp"
      ]
    },
    {
      "target_name": "loam",
      "defines": ["NAPI_VERSION=8", "NODE_ADDON_API_CPP_EXCEPTIONS", "NODE_ADDON_API_DISABLE_DEPRECATED"],
      "include_dirs": ["<!(node -p \"require('node-addon-api').include_dir\")"],
      "dependencies": ["kernel"],
      "sources": [
        "addon/area-kriging.cc",
        "addon/forest-file.cc",
        "addon/kriging.cc",
        "addon/module.cc",
        "addon/nearest-row.cc",
        "addon/predict-forest.cc",
        "addon/predict-intervals.cc",
        "addon/process.cc",
        "addon/svr.cc",
        "addon/train-boosted.cc",
        "addon/train-forest.cc",
        "addon/unpack.cc"
      ]
    }
  ]
}
