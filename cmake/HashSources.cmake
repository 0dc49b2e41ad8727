# Writes a header with the hash of the files SOURCES, relative to the working
# folder, to OUTPUT: cmake -DSOURCES=... -DOUTPUT=... -P HashSources.cmake
set(all "")
foreach(source IN LISTS SOURCES)
  file(SHA256 ${source} hash)
  string(APPEND all "${source} ${hash}\n")
endforeach()
string(SHA256 hash "${all}")
file(WRITE ${OUTPUT} "#define SHIFTADD_HALIDE_SOURCES_HASH \"${hash}\"\n")
