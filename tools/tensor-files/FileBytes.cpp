//===- FileBytes.cpp - Whole files in and out -----------------------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Plain POSIX calls: the standard streams report neither why an operation
// failed nor whether closing a file did.
//
//===----------------------------------------------------------------------===//

#include "tools/tensor-files/FileBytes.h"
#include "tools/tensor-files/Tensor.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <new>
#include <sys/stat.h>
#include <unistd.h>

namespace shiftadd::tools {
namespace {

std::string systemError(const std::string &path, const char *action) {
  return path + ": cannot " + action + ": " + std::strerror(errno);
}

class Descriptor {
public:
  explicit Descriptor(int fd) : fd(fd) {}
  ~Descriptor() {
    if (fd >= 0)
      ::close(fd);
  }
  Descriptor(const Descriptor &) = delete;
  Descriptor &operator=(const Descriptor &) = delete;
  int get() const { return fd; }
  bool close() { return ::close(std::exchange(fd, -1)) == 0; }

private:
  int fd;
};

bool writeAll(int fd, const std::vector<uint8_t> &bytes) {
  size_t done = 0;
  while (done < bytes.size()) {
    ssize_t n = ::write(fd, bytes.data() + done, bytes.size() - done);
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      return false;
    done += size_t(n);
  }
  return true;
}

bool writeTo(const std::string &path, int flags,
             const std::vector<uint8_t> &bytes) {
  Descriptor file(::open(path.c_str(), flags | O_WRONLY | O_CLOEXEC, 0666));
  return file.get() >= 0 && writeAll(file.get(), bytes) && file.close();
}

/// The file that a rename has to replace: the target of a chain of links.
std::string resolveLinks(const std::string &path) {
  char *resolved = ::realpath(path.c_str(), nullptr);
  if (!resolved)
    return path;
  std::string result = resolved;
  std::free(resolved);
  return result;
}

/// A complete file that waits for its rename; unlinked if that never comes.
struct Staged {
  std::string temporary, destination;
};

class Staging {
public:
  ~Staging() {
    for (const Staged &file : files)
      ::unlink(file.temporary.c_str());
  }

  bool add(const OutputFile &file, std::string &error) {
    std::string destination = resolveLinks(file.path);
    size_t slash = destination.rfind('/');
    size_t nameStart = slash == std::string::npos ? 0 : slash + 1;
    std::string temporary = destination.substr(0, nameStart) + "." +
                            destination.substr(nameStart) + "." +
                            std::to_string(::getpid()) + ".tmp";
    // A file of that name can only be left over from a process that was
    // killed.
    ::unlink(temporary.c_str());
    files.push_back({temporary, destination});
    if (writeTo(temporary, O_CREAT | O_EXCL, file.bytes))
      return true;
    error = systemError(file.path, "write");
    return false;
  }

  bool commit(std::string &error) {
    while (!files.empty()) {
      const Staged &file = files.back();
      if (::rename(file.temporary.c_str(), file.destination.c_str()) != 0) {
        error = systemError(file.destination, "write");
        return false;
      }
      files.pop_back();
    }
    return true;
  }

private:
  std::vector<Staged> files;
};

} // namespace

bool readFile(const std::string &path, std::vector<uint8_t> &bytes,
              std::string &error) {
  Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat info;
  if (file.get() < 0 || ::fstat(file.get(), &info) != 0) {
    error = systemError(path, "open");
    return false;
  }
  if (!S_ISREG(info.st_mode) && !S_ISFIFO(info.st_mode)) {
    error = path + ": is not a file";
    return false;
  }
  // One byte more than the size, so that the end is seen without growing.
  uint64_t size = S_ISREG(info.st_mode) ? uint64_t(info.st_size) + 1 : 1 << 16;
  size_t done = 0;
  bytes.clear();
  try {
    while (fitsMemory(size)) {
      bytes.resize(size);
      ssize_t n = ::read(file.get(), bytes.data() + done, bytes.size() - done);
      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0) {
        error = systemError(path, "read");
        return false;
      }
      if (n == 0) {
        bytes.resize(done);
        return true;
      }
      done += size_t(n);
      if (done == size)
        size *= 2;
    }
  } catch (const std::bad_alloc &) {
    // Reported below.
  }
  error = path + ": is too large for the memory";
  return false;
}

bool writeFiles(const std::vector<OutputFile> &files, std::string &error) {
  Staging staging;
  std::vector<const OutputFile *> direct;
  for (const OutputFile &file : files) {
    struct stat info;
    if (::stat(file.path.c_str(), &info) == 0 && !S_ISREG(info.st_mode)) {
      if (S_ISDIR(info.st_mode)) {
        error = file.path + ": cannot write: is a folder";
        return false;
      }
      direct.push_back(&file);
    } else if (!staging.add(file, error)) {
      return false;
    }
  }
  for (const OutputFile *file : direct) {
    if (!writeTo(file->path, 0, file->bytes)) {
      error = systemError(file->path, "write");
      return false;
    }
  }
  return staging.commit(error);
}

} // namespace shiftadd::tools
