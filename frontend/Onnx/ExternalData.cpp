//===- ExternalData.cpp - Tensors in files beside the model ---------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The path is walked one component at a time with openat and O_NOFOLLOW, so
// that what was checked is what is opened.
//
//===----------------------------------------------------------------------===//

#include "frontend/Onnx/ExternalData.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

namespace shiftadd::onnx_import {
namespace {

class Descriptor {
public:
  explicit Descriptor(int value) : value(value) {}
  Descriptor(const Descriptor &) = delete;
  Descriptor &operator=(const Descriptor &) = delete;
  ~Descriptor() {
    if (value >= 0)
      ::close(value);
  }
  void reset(int other) {
    if (value >= 0)
      ::close(value);
    value = other;
  }
  int get() const { return value; }

private:
  int value;
};

/// The components of a relative path without steps upward.
bool splitPath(const std::string &location, std::vector<std::string> &parts) {
  if (location.empty() || location.front() == '/' ||
      location.find('\0') != std::string::npos)
    return false;
  size_t start = 0;
  while (start <= location.size()) {
    size_t end = std::min(location.find('/', start), location.size());
    std::string part = location.substr(start, end - start);
    if (part == "..")
      return false;
    if (!part.empty() && part != ".")
      parts.push_back(part);
    start = end + 1;
  }
  return !parts.empty();
}

std::string folderOf(const std::string &path) {
  size_t slash = path.find_last_of('/');
  if (slash == std::string::npos)
    return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

} // namespace

bool readExternalData(const std::string &modelPath, const std::string &location,
                      int64_t offset, int64_t length, std::string &bytes,
                      std::string &error) {
  std::string where = "external data '" + location + "' ";
  std::vector<std::string> parts;
  if (!splitPath(location, parts)) {
    error = where + "is not a path inside the model's folder";
    return false;
  }
  Descriptor file(
      ::open(folderOf(modelPath).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  for (size_t i = 0; file.get() >= 0 && i < parts.size(); ++i) {
    // Without O_NONBLOCK a named pipe would hang the compiler.
    int flags = O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK;
    if (i + 1 < parts.size())
      flags |= O_DIRECTORY;
    int next = ::openat(file.get(), parts[i].c_str(), flags);
    int reason = errno;
    struct stat link;
    bool isLink = next < 0 &&
                  ::fstatat(file.get(), parts[i].c_str(), &link,
                            AT_SYMLINK_NOFOLLOW) == 0 &&
                  S_ISLNK(link.st_mode);
    file.reset(next);
    if (isLink) {
      error = where + "leads through a symbolic link";
      return false;
    }
    errno = reason;
  }
  if (file.get() < 0) {
    error = where + "cannot be opened: " + std::strerror(errno);
    return false;
  }
  struct stat status;
  if (::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)) {
    error = where + "is not a regular file";
    return false;
  }
  if (status.st_nlink > 1) {
    error = where + "has several names (hard links); copy it";
    return false;
  }
  int64_t size = status.st_size;
  if (offset < 0 || offset > size || length < -1 ||
      (length >= 0 && length > size - offset)) {
    error = where + "has " + std::to_string(size) +
            " bytes, too few for offset " + std::to_string(offset) +
            " and length " + std::to_string(length);
    return false;
  }
  if (length < 0)
    length = size - offset;
  bytes.resize(length);
  int64_t done = 0;
  while (done < length) {
    ssize_t count =
        ::pread(file.get(), bytes.data() + done, length - done, offset + done);
    if (count < 0 && errno == EINTR)
      continue;
    if (count <= 0) {
      error = where + "cannot be read: " +
              (count < 0 ? std::strerror(errno) : "the file became shorter");
      return false;
    }
    done += count;
  }
  return true;
}

} // namespace shiftadd::onnx_import
