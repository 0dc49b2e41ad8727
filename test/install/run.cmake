# Variables: BUILD (build tree), SCRATCH (a folder of ours), OUTSIDE (the
# program's sources), MODELS (sample networks).
function(run)
  execute_process(COMMAND ${ARGV} RESULT_VARIABLE code
    OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(code)
    string(JOIN " " command ${ARGV})
    message(FATAL_ERROR "exit code ${code} from: ${command}\n${output}")
  endif()
  message("${output}")
endfunction()

set(prefix ${SCRATCH}/prefix)
file(REMOVE_RECURSE ${prefix} ${SCRATCH}/outside)
file(MAKE_DIRECTORY ${SCRATCH})
run(${CMAKE_COMMAND} --install ${BUILD} --prefix ${prefix})

# Only the installed compiler and headers are used from here on.
set(model ${SCRATCH}/digits-cnn.so)
run(${prefix}/bin/shiftadd-compile ${MODELS}/digits-cnn.onnx -o ${model})

run(${CMAKE_COMMAND} -G Ninja -S ${OUTSIDE} -B ${SCRATCH}/outside
  -DCMAKE_PREFIX_PATH=${prefix} -DCMAKE_BUILD_TYPE=Release)
run(${CMAKE_COMMAND} --build ${SCRATCH}/outside)
run(${SCRATCH}/outside/classify ${model})
