# Finds what the compiler is built on: MLIR/LLVM/lld 22, protobuf and the ONNX
# message classes (Debian packages), Halide 21 (the wheel, unpacked).

set(SHIFTADD_LLVM_ROOT /usr/lib/llvm-22 CACHE PATH "Prefix of LLVM and MLIR 22")
set(MLIR_DIR ${SHIFTADD_LLVM_ROOT}/lib/cmake/mlir CACHE PATH "")
find_package(MLIR 22.1 REQUIRED CONFIG)
# The default names a program that Debian does not install.
set(LLVM_EXTERNAL_LIT /usr/bin/lit-22 CACHE STRING "" FORCE)
set(MLIR_BINARY_DIR ${CMAKE_BINARY_DIR})
list(APPEND CMAKE_MODULE_PATH ${MLIR_CMAKE_DIR} ${LLVM_CMAKE_DIR})
include(TableGen)
include(AddLLVM)
include(AddMLIR)
find_package(LLD 22.1 REQUIRED CONFIG HINTS ${LLVM_CMAKE_DIR}/../lld)
find_package(Protobuf REQUIRED)
find_package(ONNX REQUIRED CONFIG)
find_package(Threads REQUIRED)

# Halide's own CMake package needs CMake 3.28; the library needs five lines.
set(HALIDE_ROOT ${CMAKE_SOURCE_DIR}/.deps/halide CACHE PATH
    "The folder `halide` of the Halide 21 wheel")
if(NOT EXISTS ${HALIDE_ROOT}/lib64/libHalide.so)
  message(FATAL_ERROR "Halide 21 not found in ${HALIDE_ROOT}; "
                      "tools/setup installs it, or set HALIDE_ROOT")
endif()
add_library(Halide::Halide SHARED IMPORTED)
set_target_properties(Halide::Halide PROPERTIES
  IMPORTED_LOCATION ${HALIDE_ROOT}/lib64/libHalide.so
  INTERFACE_SYSTEM_INCLUDE_DIRECTORIES ${HALIDE_ROOT}/include
  INTERFACE_INCLUDE_DIRECTORIES ${HALIDE_ROOT}/include
  INTERFACE_COMPILE_DEFINITIONS "HALIDE_ENABLE_RTTI;HALIDE_WITH_EXCEPTIONS")
