# shiftadd_embed_text(OUTPUT FILE...): a file of C++ raw string literals, one
# per file and in this order, separated by commas: the text of a data file as
# part of a program.
function(shiftadd_embed_text output)
  set(literals "")
  foreach(file IN LISTS ARGN)
    get_filename_component(path ${file} ABSOLUTE)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${path})
    # Compilers need not take literals of more than 64 KiB: long texts become
    # several that the compiler joins.
    file(READ ${path} text)
    string(LENGTH "${text}" length)
    set(position 0)
    while(position LESS length)
      string(SUBSTRING "${text}" ${position} 8000 part)
      string(APPEND literals "R\"embedded(${part})embedded\"\n")
      math(EXPR position "${position} + 8000")
    endwhile()
    string(APPEND literals ",\n")
  endforeach()
  file(CONFIGURE OUTPUT ${output} CONTENT "${literals}" @ONLY)
endfunction()
