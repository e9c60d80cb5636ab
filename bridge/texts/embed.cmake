# cmake -DDIR=build/…/texts -DSOURCES="a.txt;b.txt" -P embed.cmake
# Compiles the bundles and writes them as one C object, setbridge_dat, so that the module reads no
# file.  genrb, icupkg and genccode come with ICU's development package.
find_program(GENRB genrb REQUIRED)
find_program(ICUPKG icupkg PATHS /usr/sbin REQUIRED)
find_program(GENCCODE genccode PATHS /usr/sbin REQUIRED)
file(MAKE_DIRECTORY ${DIR})
set(list "")
foreach(source ${SOURCES})
  get_filename_component(name ${source} NAME_WE)
  string(APPEND list "${name}.res\n")
endforeach()
file(WRITE ${DIR}/list.txt "${list}")
foreach(command
    "${GENRB};-q;-e;UTF-8;-d;${DIR};${SOURCES}"
    "${ICUPKG};-tl;-a;${DIR}/list.txt;-s;${DIR};new;${DIR}/setbridge.dat"
    "${GENCCODE};-q;-d;${DIR};${DIR}/setbridge.dat")
  execute_process(COMMAND ${command} RESULT_VARIABLE result OUTPUT_VARIABLE words ERROR_VARIABLE words)
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "${command}: ${words}")
  endif()
endforeach()
