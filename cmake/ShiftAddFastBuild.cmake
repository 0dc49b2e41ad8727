# What makes a build quick: lld for linking and ccache for compiling, where
# they are installed.

# GCC 12 does not accept -fuse-ld=lld-22, so it is shown the folder where the
# program has its plain name.
if(EXISTS ${LLVM_TOOLS_BINARY_DIR}/ld.lld)
  add_link_options(-B${LLVM_TOOLS_BINARY_DIR} -fuse-ld=lld)
endif()

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # The sloppiness is what ccache needs to accept precompiled headers; the base
  # and the ignored directory let checkouts in different folders share results.
  set(launcher ${CMAKE_COMMAND} -E env
    CCACHE_SLOPPINESS=pch_defines,time_macros
    CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${CCACHE_PROGRAM})
  set(CMAKE_C_COMPILER_LAUNCHER ${launcher})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${launcher})
endif()

# Without these, preprocessed output does not mention the precompiled header
# (GCC) or the header holds a time stamp (Clang), and ccache never hits.
add_compile_options(
  $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-fpch-preprocess>
  "$<$<COMPILE_LANG_AND_ID:CXX,Clang>:SHELL:-Xclang -fno-pch-timestamp>")

option(SHIFTADD_SANITIZE
  "Build with the address and undefined-behaviour sanitizers" OFF)
if(SHIFTADD_SANITIZE)
  # The vptr check needs RTTI, which the MLIR side does not have.
  add_compile_options(-fsanitize=address,undefined -fno-sanitize=vptr
    -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined)
endif()
