//===- TensorFiles.cpp - Tensors in files of any supported format ---------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Chooses the format; the formats themselves are in the neighbouring files.
//
//===----------------------------------------------------------------------===//

#include "tools/tensor-files/TensorFiles.h"
#include "frontend/Onnx/TensorFile.h"
#include "tools/tensor-files/FileBytes.h"
#include "tools/tensor-files/NpyFile.h"
#include "tools/tensor-files/NpzFile.h"

#include <filesystem>
#include <map>

namespace shiftadd::tools {
namespace {

namespace fs = std::filesystem;

/// Numbers of onnx.TensorProto.DataType, indexed by shiftadd_type.
constexpr int32_t onnxTypes[] = {9, 3, 5, 6, 7, 2, 4, 12, 13, 10, 16, 1, 11};
static_assert(sizeof(onnxTypes) / sizeof(*onnxTypes) == SHIFTADD_FLOAT64 + 1);

bool fromOnnxType(int32_t onnxType, shiftadd_type &type) {
  for (int32_t i = 0; i <= SHIFTADD_FLOAT64; ++i) {
    if (onnxTypes[i] == onnxType) {
      type = shiftadd_type(i);
      return true;
    }
  }
  return false;
}

bool decodePb(const std::vector<uint8_t> &file, Tensor &tensor,
              std::string &error) {
  onnx_import::PlainTensor plain;
  if (!onnx_import::decodeTensorFile(file, plain, error))
    return false;
  if (!fromOnnxType(plain.dataType, tensor.type)) {
    error = "unknown element type number " + std::to_string(plain.dataType);
    return false;
  }
  tensor.name = std::move(plain.name);
  tensor.shape = std::move(plain.shape);
  tensor.bytes = std::move(plain.bytes);
  return true;
}

bool encodePb(const Tensor &tensor, std::vector<uint8_t> &file,
              std::string &error) {
  return onnx_import::encodeTensorFile(
      {tensor.name, onnxTypes[tensor.type], tensor.shape, tensor.bytes}, file,
      error);
}

bool hasExtension(const std::string &path, const char *extension) {
  return fs::path(path).extension() == extension;
}

bool decodeSingle(const std::string &path, std::vector<uint8_t> file,
                  Tensor &tensor, std::string &error) {
  std::string reason;
  bool good;
  if (isNpy(file))
    good = decodeNpy(std::move(file), tensor, reason);
  else if (hasExtension(path, ".pb"))
    good = decodePb(file, tensor, reason);
  else {
    good = false;
    reason = hasExtension(path, ".npy") || hasExtension(path, ".npz")
                 ? "is not a NumPy file, or truncated"
                 : "is neither .npy, .npz nor .pb";
  }
  if (!good)
    error = path + ": " + reason;
  return good;
}

/// Collects input_K.pb of a folder, K without gaps from 0.
bool listInputs(const std::string &folder, std::vector<std::string> &paths,
                std::string &error) {
  constexpr std::string_view prefix = "input_", suffix = ".pb";
  std::error_code code;
  std::map<uint64_t, std::string> found;
  for (fs::directory_iterator it(folder, code), end; !code && it != end;
       it.increment(code)) {
    std::string name = it->path().filename().string();
    if (!name.starts_with(prefix) || !name.ends_with(suffix) ||
        name.size() <= prefix.size() + suffix.size())
      continue;
    std::string digits =
        name.substr(prefix.size(), name.size() - prefix.size() - suffix.size());
    if (digits.find_first_not_of("0123456789") == std::string::npos &&
        digits.size() < 10)
      found[std::stoul(digits)] = it->path().string();
  }
  if (code) {
    error = folder + ": cannot read the folder: " + code.message();
    return false;
  }
  if (found.empty()) {
    error = folder + ": the folder holds no input_0.pb";
    return false;
  }
  for (auto &[index, path] : found) {
    if (index != paths.size()) {
      error =
          folder + ": input_" + std::to_string(paths.size()) + ".pb is missing";
      return false;
    }
    paths.push_back(path);
  }
  return true;
}

bool writeFolder(const std::string &folder, const std::vector<Tensor> &tensors,
                 std::string &error) {
  std::vector<OutputFile> files;
  for (size_t i = 0; i < tensors.size(); ++i) {
    OutputFile &file = files.emplace_back();
    file.path = folder + "/output_" + std::to_string(i) + ".pb";
    std::string reason;
    if (!encodePb(tensors[i], file.bytes, reason)) {
      error = file.path + ": output '" + tensors[i].name + "' " + reason;
      return false;
    }
  }
  std::error_code code;
  bool created = fs::create_directory(folder, code);
  if (code) {
    error = folder + ": cannot create the folder: " + code.message();
    return false;
  }
  if (writeFiles(files, error))
    return true;
  if (created)
    fs::remove(folder, code);
  return false;
}

} // namespace

bool readTensor(const std::string &path, Tensor &tensor, std::string &error) {
  std::vector<uint8_t> file;
  return readFile(path, file, error) &&
         decodeSingle(path, std::move(file), tensor, error);
}

bool readTensorSet(const std::string &path, TensorSet &set,
                   std::string &error) {
  std::error_code code;
  if (fs::is_directory(path, code)) {
    std::vector<std::string> paths;
    if (!listInputs(path, paths, error))
      return false;
    for (const std::string &input : paths) {
      if (!readTensor(input, set.tensors.emplace_back(), error))
        return false;
      set.tensors.back().name.clear();
    }
    return true;
  }
  std::vector<uint8_t> file;
  if (!readFile(path, file, error))
    return false;
  if (isZip(file)) {
    set.named = true;
    if (decodeNpz(file, set.tensors, error))
      return true;
    error = path + ": " + error;
    return false;
  }
  Tensor &tensor = set.tensors.emplace_back();
  if (!decodeSingle(path, std::move(file), tensor, error))
    return false;
  tensor.name.clear();
  return true;
}

bool writeTensors(const std::string &path, const std::vector<Tensor> &tensors,
                  std::string &error) {
  std::error_code code;
  bool npz = hasExtension(path, ".npz"), npy = hasExtension(path, ".npy");
  if (fs::is_directory(path, code) || (!npz && !npy)) {
    // A misspelt suffix is no wish for a folder.
    if (!fs::is_directory(path, code) && fs::path(path).has_extension()) {
      error = path + ": outputs go to an .npz or .npy file or to a folder";
      return false;
    }
    return writeFolder(path, tensors, error);
  }
  OutputFile file{path, {}};
  if (npz) {
    std::string reason;
    if (!encodeNpz(tensors, file.bytes, reason)) {
      error = path + ": " + reason;
      return false;
    }
  } else {
    if (tensors.size() != 1) {
      error = path + ": an .npy file holds one tensor, the model has " +
              std::to_string(tensors.size()) + " outputs; use .npz";
      return false;
    }
    file.bytes = encodeNpy(tensors[0]);
  }
  return writeFiles({file}, error);
}

} // namespace shiftadd::tools
