//===- WriteModelSupport.cpp - Writes the embedded files out --------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// So that the fake models are linked with exactly the bytes that the compiler
// links its models with.
//
//===----------------------------------------------------------------------===//
#include "runtime/model/support_object.h"

#include <cstdio>
#include <string>

static bool write(const std::string &path, const unsigned char *bytes,
                  unsigned long size) {
  std::FILE *file = std::fopen(path.c_str(), "wb");
  if (!file)
    return false;
  const bool written = std::fwrite(bytes, 1, size, file) == size;
  return std::fclose(file) == 0 && written;
}

int main(int argc, char **argv) {
  if (argc != 2)
    return 1;
  const std::string folder = argv[1];
  const bool written =
      write(folder + "/support.o", shiftadd_model_support_object,
            shiftadd_model_support_object_size) &&
      write(folder + "/libc_stub.so", shiftadd_libc_stub,
            shiftadd_libc_stub_size) &&
      write(folder + "/libm_stub.so", shiftadd_libm_stub,
            shiftadd_libm_stub_size);
  return written ? 0 : 1;
}
