/*===- library_file.c - Is a library file complete? ---------------- C -*-===
 *
 * Part of the shiftadd project, under the Apache License v2.0 with LLVM
 * Exceptions. See LICENSE for license information.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 *===----------------------------------------------------------------------===
 *
 * The loader trusts the program headers: touching a page beyond the end of a
 * file that was cut short ends the process with a bus error. Reading the
 * headers first turns that into an error text.
 *
 *===--------------------------------------------------------------------===*/
#include "model.h"

#include <elf.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

static int refuse(const char *path, const char *reason) {
  return shiftadd_set_thread_error(SHIFTADD_INVALID_ARGUMENT,
                                   "cannot load '%s': %s", path, reason);
}

/* Whether the file holds every byte that the headers promise. */
static int check_headers(const char *path, FILE *file, uint64_t size) {
  Elf64_Ehdr header;
  if (fseek(file, 0, SEEK_SET) ||
      fread(&header, sizeof(header), 1, file) != 1 ||
      memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 ||
      header.e_ident[EI_CLASS] != ELFCLASS64)
    return refuse(path, "not a 64-bit ELF library");
  if (header.e_phentsize != sizeof(Elf64_Phdr) || header.e_phoff > size ||
      fseek(file, (long)header.e_phoff, SEEK_SET))
    return refuse(path, "the file is damaged or incomplete");
  for (unsigned i = 0; i < header.e_phnum; ++i) {
    Elf64_Phdr segment;
    if (fread(&segment, sizeof(segment), 1, file) != 1 ||
        segment.p_offset > size || segment.p_filesz > size - segment.p_offset)
      return refuse(path, "the file is damaged or incomplete");
  }
  return SHIFTADD_OK;
}

int shiftadd_check_library_file(const char *path) {
  FILE *file = fopen(path, "rbe");
  if (!file)
    return refuse(path, strerror(errno));
  long size = fseek(file, 0, SEEK_END) ? -1 : ftell(file);
  int status = size < 0 ? refuse(path, "not a regular file")
                        : check_headers(path, file, (uint64_t)size);
  fclose(file);
  return status;
}
