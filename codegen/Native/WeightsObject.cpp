//===- WeightsObject.cpp - The weights as an ELF object -------------------===//
//
// Part of the shiftadd project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// File layout: ELF header, weights, symbol table, string table, section names,
// section headers. The ELF header is 64 bytes, which aligns the weights.
//
//===----------------------------------------------------------------------===//
#include "codegen/Native/WeightsObject.h"

#include "llvm/BinaryFormat/ELF.h"
#include "llvm/Support/MathExtras.h"

#include <array>
#include <cstring>
#include <vector>

namespace shiftadd::native {
namespace {

using namespace llvm::ELF;

enum Section : uint16_t {
  NullSection,
  WeightsSection,
  SymbolSection,
  StringSection,
  SectionNameSection,
  StackNoteSection,
  SectionCount
};

/// A string table under construction: starts with the empty name.
class StringTable {
public:
  uint32_t add(llvm::StringRef name) {
    uint32_t offset = text.size();
    text.append(name.begin(), name.end());
    text.push_back('\0');
    return offset;
  }
  llvm::ArrayRef<uint8_t> bytes() const {
    return {reinterpret_cast<const uint8_t *>(text.data()), text.size()};
  }

private:
  std::string text = std::string(1, '\0');
};

template <typename T> llvm::ArrayRef<uint8_t> bytesOf(const T &value) {
  return {reinterpret_cast<const uint8_t *>(&value), sizeof(T)};
}

} // namespace

llvm::Expected<MemoryFile> writeWeightsObject(llvm::ArrayRef<uint8_t> weights) {
  StringTable symbolNames, sectionNames;
  std::array<Elf64_Sym, 2> symbols = {};
  symbols[1].st_name = symbolNames.add(kWeightsSymbol);
  symbols[1].setBindingAndType(STB_GLOBAL, STT_OBJECT);
  symbols[1].st_other = STV_HIDDEN;
  symbols[1].st_shndx = WeightsSection;
  symbols[1].st_size = weights.size();

  std::array<Elf64_Shdr, SectionCount> headers = {};
  uint64_t end = sizeof(Elf64_Ehdr);
  static_assert(sizeof(Elf64_Ehdr) % 64 == 0, "the weights follow it");
  auto define = [&](Section section, llvm::StringRef name, uint32_t type,
                    uint64_t flags, uint64_t size, uint64_t alignment) {
    Elf64_Shdr &header = headers[section];
    header.sh_name = sectionNames.add(name);
    header.sh_type = type;
    header.sh_flags = flags;
    header.sh_offset = llvm::alignTo(end, alignment);
    header.sh_size = size;
    header.sh_addralign = alignment;
    end = header.sh_offset + size;
  };
  define(WeightsSection, ".lrodata.weights", SHT_PROGBITS,
         SHF_ALLOC | SHF_X86_64_LARGE, weights.size(), 64);
  define(SymbolSection, ".symtab", SHT_SYMTAB, 0, sizeof(symbols), 8);
  headers[SymbolSection].sh_link = StringSection;
  headers[SymbolSection].sh_info = 1; // the first global symbol
  headers[SymbolSection].sh_entsize = sizeof(Elf64_Sym);
  define(StringSection, ".strtab", SHT_STRTAB, 0, symbolNames.bytes().size(),
         1);
  define(StackNoteSection, ".note.GNU-stack", SHT_PROGBITS, 0, 0, 1);
  // Last, because its own name is part of it.
  define(SectionNameSection, ".shstrtab", SHT_STRTAB, 0, 0, 1);
  headers[SectionNameSection].sh_size = sectionNames.bytes().size();
  end += sectionNames.bytes().size();

  Elf64_Ehdr header = {};
  std::memcpy(header.e_ident, ElfMagic, 4);
  header.e_ident[EI_CLASS] = ELFCLASS64;
  header.e_ident[EI_DATA] = ELFDATA2LSB;
  header.e_ident[EI_VERSION] = EV_CURRENT;
  header.e_type = ET_REL;
  header.e_machine = EM_X86_64;
  header.e_version = EV_CURRENT;
  header.e_shoff = llvm::alignTo(end, 8);
  header.e_ehsize = sizeof(Elf64_Ehdr);
  header.e_shentsize = sizeof(Elf64_Shdr);
  header.e_shnum = SectionCount;
  header.e_shstrndx = SectionNameSection;

  llvm::Expected<MemoryFile> file =
      MemoryFile::create("weights", bytesOf(header));
  if (!file)
    return file.takeError();
  uint64_t written = sizeof(header);
  auto appendAt = [&](uint64_t offset,
                      llvm::ArrayRef<uint8_t> bytes) -> llvm::Error {
    std::vector<uint8_t> padding(offset - written);
    if (llvm::Error error = file->append(padding))
      return error;
    written = offset + bytes.size();
    return file->append(bytes);
  };
  const std::pair<uint64_t, llvm::ArrayRef<uint8_t>> parts[] = {
      {headers[WeightsSection].sh_offset, weights},
      {headers[SymbolSection].sh_offset, bytesOf(symbols)},
      {headers[StringSection].sh_offset, symbolNames.bytes()},
      {headers[SectionNameSection].sh_offset, sectionNames.bytes()},
      {header.e_shoff, bytesOf(headers)}};
  for (auto [offset, bytes] : parts)
    if (llvm::Error error = appendAt(offset, bytes))
      return error;
  return file;
}

} // namespace shiftadd::native
