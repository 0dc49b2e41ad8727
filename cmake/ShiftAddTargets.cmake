# The few kinds of targets the project has. Every library names exactly what it
# links; MLIR and LLVM are always the two shared libraries, never their parts.

include(ShiftAddFastBuild)

add_library(shiftadd_warnings INTERFACE)
target_compile_options(shiftadd_warnings INTERFACE
  -Wall -Wextra -Wno-unused-parameter
  # False positives of GCC 12 in std::string.
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>
  $<$<BOOL:${SHIFTADD_WERROR}>:-Werror>)

# In-tree includes start at the root; generated files mirror the tree.
add_library(shiftadd_base INTERFACE)
target_include_directories(shiftadd_base INTERFACE ${CMAKE_SOURCE_DIR})
target_include_directories(shiftadd_base SYSTEM INTERFACE ${CMAKE_BINARY_DIR})
target_link_libraries(shiftadd_base INTERFACE shiftadd_warnings)

# Whatever touches MLIR or LLVM: no exceptions, no RTTI.
add_library(shiftadd_mlir INTERFACE)
target_include_directories(shiftadd_mlir SYSTEM INTERFACE
  ${LLVM_INCLUDE_DIRS} ${MLIR_INCLUDE_DIRS})
target_compile_options(shiftadd_mlir INTERFACE
  $<$<COMPILE_LANGUAGE:CXX>:-fno-exceptions -fno-rtti>)
target_link_libraries(shiftadd_mlir INTERFACE shiftadd_base MLIR LLVM)

# Everything that reads generated headers waits for all of them.
add_custom_target(shiftadd-headers)

# One precompiled header serves all MLIR-side libraries.
set(SHIFTADD_PCH ${CMAKE_SOURCE_DIR}/cmake/MlirPrecompiled.h)
function(_shiftadd_use_pch name)
  if(NOT TARGET shiftadd_pch)
    file(GENERATE OUTPUT ${CMAKE_BINARY_DIR}/cmake/pch.cpp CONTENT "\n")
    add_library(shiftadd_pch OBJECT ${CMAKE_BINARY_DIR}/cmake/pch.cpp)
    target_link_libraries(shiftadd_pch PRIVATE shiftadd_mlir)
    target_precompile_headers(shiftadd_pch PRIVATE ${SHIFTADD_PCH})
  endif()
  target_precompile_headers(${name} REUSE_FROM shiftadd_pch)
endfunction()

# shiftadd_library(NAME [NO_PCH] SOURCES a.cpp... [LINKS lib...])
# A static library on the MLIR side.
function(shiftadd_library name)
  cmake_parse_arguments(ARG "NO_PCH" "" "SOURCES;LINKS" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  target_link_libraries(${name} PUBLIC shiftadd_mlir ${ARG_LINKS})
  add_dependencies(${name} shiftadd-headers)
  if(NOT ARG_NO_PCH)
    _shiftadd_use_pch(${name})
  endif()
endfunction()

# shiftadd_plain_library(NAME SOURCES a.cpp... [LINKS lib...])
# A static library without MLIR; exceptions and RTTI stay on (Halide and
# protobuf need them) and must not leave it.
function(shiftadd_plain_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINKS" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  target_link_libraries(${name} PUBLIC shiftadd_base ${ARG_LINKS})
endfunction()

# Installed programs find Halide in a folder of their own: it is not a library of
# the distribution's, and no other program should pick it up.
include(GNUInstallDirs)
install(FILES ${HALIDE_ROOT}/lib64/libHalide.so ${HALIDE_ROOT}/LICENSE.txt
  DESTINATION ${CMAKE_INSTALL_LIBDIR}/shiftadd/halide)

# shiftadd_tool(NAME SOURCES a.cpp... [LINKS lib...]): a program in bin/.
function(shiftadd_tool name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINKS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE shiftadd_mlir ${ARG_LINKS})
  add_dependencies(${name} shiftadd-headers)
  set_target_properties(${name} PROPERTIES INSTALL_RPATH
    "$ORIGIN/../${CMAKE_INSTALL_LIBDIR}/shiftadd/halide;${LLVM_LIBRARY_DIR}")
  install(TARGETS ${name} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endfunction()

# shiftadd_tablegen(FILE.td OUTPUT.inc -gen-... [OUTPUT.inc -gen-...]...)
# The generated files land in the folder of the build tree that mirrors this.
function(shiftadd_tablegen td)
  set(LLVM_TARGET_DEFINITIONS ${td})
  set(arguments ${ARGN})
  set(outputs)
  while(arguments)
    list(POP_FRONT arguments output action)
    string(REPLACE "|" ";" action "${action}")
    mlir_tablegen(${output} ${action}
      EXTRA_INCLUDES ${CMAKE_SOURCE_DIR} ${MLIR_INCLUDE_DIRS})
    list(APPEND outputs ${CMAKE_CURRENT_BINARY_DIR}/${output})
  endwhile()
  string(MAKE_C_IDENTIFIER "tablegen_${CMAKE_CURRENT_BINARY_DIR}_${td}" target)
  add_custom_target(${target} DEPENDS ${outputs})
  add_dependencies(shiftadd-headers ${target})
endfunction()
