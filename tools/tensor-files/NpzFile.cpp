//===- NpzFile.cpp - NumPy's .npz archives --------------------------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// libzip works on memory here: the archive is read and replaced as a whole by
// FileBytes, like every other file.
//
//===----------------------------------------------------------------------===//

#include "tools/tensor-files/NpzFile.h"
#include "tools/tensor-files/NpyFile.h"

#include <memory>
#include <new>
#include <string_view>
#include <zip.h>

namespace shiftadd::tools {
namespace {

constexpr std::string_view suffix = ".npy";

struct DiscardArchive {
  void operator()(zip_t *archive) const { zip_discard(archive); }
};
using Archive = std::unique_ptr<zip_t, DiscardArchive>;

struct FreeSource {
  void operator()(zip_source_t *source) const { zip_source_free(source); }
};
using Source = std::unique_ptr<zip_source_t, FreeSource>;

struct CloseEntry {
  void operator()(zip_file_t *entry) const { zip_fclose(entry); }
};
using Entry = std::unique_ptr<zip_file_t, CloseEntry>;

class ZipError {
public:
  ZipError() { zip_error_init(&error); }
  ~ZipError() { zip_error_fini(&error); }
  ZipError(const ZipError &) = delete;
  ZipError &operator=(const ZipError &) = delete;
  zip_error_t *get() { return &error; }
  std::string text() { return zip_error_strerror(&error); }

private:
  zip_error_t error;
};

/// Reads an entry to its end, where libzip also compares the checksum. The size
/// in the directory is a claim of the file and not trusted.
bool readEntry(zip_t *archive, zip_uint64_t index, std::vector<uint8_t> &bytes,
               std::string &error) {
  Entry entry(zip_fopen_index(archive, index, 0));
  if (!entry) {
    error = zip_strerror(archive);
    return false;
  }
  bytes.resize(1 << 12);
  size_t done = 0;
  while (true) {
    if (done == bytes.size()) {
      if (!fitsMemory(done * 2))
        throw std::bad_alloc();
      bytes.resize(done * 2);
    }
    zip_int64_t n =
        zip_fread(entry.get(), bytes.data() + done, bytes.size() - done);
    if (n < 0) {
      error = zip_file_strerror(entry.get());
      return false;
    }
    if (n == 0)
      break;
    done += size_t(n);
  }
  bytes.resize(done);
  return true;
}

bool decodeEntries(zip_t *archive, std::vector<Tensor> &tensors,
                   std::string &error) {
  zip_int64_t count = zip_get_num_entries(archive, 0);
  for (zip_int64_t i = 0; i < count; ++i) {
    const char *stored = zip_get_name(archive, zip_uint64_t(i), 0);
    std::string_view name = stored ? stored : "";
    if (!name.ends_with(suffix)) {
      error = "entry '" + std::string(name) + "' is not an .npy array";
      return false;
    }
    Tensor tensor;
    tensor.name = name.substr(0, name.size() - suffix.size());
    std::vector<uint8_t> bytes;
    std::string reason;
    if (!readEntry(archive, zip_uint64_t(i), bytes, reason) ||
        !decodeNpy(std::move(bytes), tensor, reason)) {
      error = "array '" + tensor.name + "': " + reason;
      return false;
    }
    tensors.push_back(std::move(tensor));
  }
  return true;
}

} // namespace

bool isZip(const std::vector<uint8_t> &file) {
  return file.size() >= 2 && file[0] == 'P' && file[1] == 'K';
}

bool decodeNpz(const std::vector<uint8_t> &file, std::vector<Tensor> &tensors,
               std::string &error) {
  // libzip takes an empty file for an empty archive.
  if (!isZip(file)) {
    error = "not a zip archive";
    return false;
  }
  ZipError zipError;
  Source source(
      zip_source_buffer_create(file.data(), file.size(), 0, zipError.get()));
  Archive archive;
  if (source)
    archive.reset(
        zip_open_from_source(source.get(), ZIP_RDONLY, zipError.get()));
  if (!archive) {
    error = "not a readable zip archive: " + zipError.text();
    return false;
  }
  source.release(); // owned by the archive now
  try {
    return decodeEntries(archive.get(), tensors, error);
  } catch (const std::bad_alloc &) {
    error = "the arrays are too large for the memory";
  }
  return false;
}

bool encodeNpz(const std::vector<Tensor> &tensors, std::vector<uint8_t> &file,
               std::string &error) {
  ZipError zipError;
  Source result(zip_source_buffer_create(nullptr, 0, 0, zipError.get()));
  Archive archive;
  if (result)
    archive.reset(
        zip_open_from_source(result.get(), ZIP_TRUNCATE, zipError.get()));
  if (!archive) {
    error = zipError.text();
    return false;
  }
  zip_source_keep(result.get()); // read back after the archive is closed

  // libzip reads the entries when the archive is closed.
  std::vector<std::vector<uint8_t>> entries;
  for (const Tensor &tensor : tensors)
    entries.push_back(encodeNpy(tensor));
  for (size_t i = 0; i < tensors.size(); ++i) {
    Source entry(zip_source_buffer(archive.get(), entries[i].data(),
                                   entries[i].size(), 0));
    std::string name = tensors[i].name + std::string(suffix);
    zip_int64_t index = -1;
    if (entry)
      index = zip_file_add(archive.get(), name.c_str(), entry.get(),
                           ZIP_FL_ENC_UTF_8);
    if (index < 0) {
      error = "array '" + tensors[i].name + "': " + zip_strerror(archive.get());
      return false;
    }
    entry.release();
    // 1980-01-01, the earliest date that zip can express.
    zip_file_set_dostime(archive.get(), zip_uint64_t(index), 0, 0x21, 0);
    zip_set_file_compression(archive.get(), zip_uint64_t(index), ZIP_CM_STORE,
                             0);
  }
  if (zip_close(archive.get()) != 0) {
    error = zip_strerror(archive.get());
    return false;
  }
  archive.release();

  zip_stat_t info;
  if (zip_source_stat(result.get(), &info) != 0 ||
      !(info.valid & ZIP_STAT_SIZE) || zip_source_open(result.get()) != 0) {
    error = zip_error_strerror(zip_source_error(result.get()));
    return false;
  }
  file.resize(info.size);
  zip_int64_t n = zip_source_read(result.get(), file.data(), file.size());
  zip_source_close(result.get());
  if (n != zip_int64_t(file.size())) {
    error = "the archive could not be read back";
    return false;
  }
  return true;
}

} // namespace shiftadd::tools
