# lab_embed(OUTPUT HEADER FUNCTION FILE…): writes a source file that defines
# FUNCTION with the text of each FILE (paths from the repository's root). The
# build is configured anew when one of them changes.
function(lab_embed output header function)
  set(entries "")
  foreach(file ${ARGN})
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS
                 ${PROJECT_SOURCE_DIR}/${file})
    file(READ ${PROJECT_SOURCE_DIR}/${file} text)
    string(APPEND entries
           "    {\"${file}\", R\"lab_file(${text})lab_file\"},\n")
  endforeach()
  file(CONFIGURE OUTPUT ${output} @ONLY CONTENT
"#include \"@header@\"

namespace lab::tools {

const std::vector<EmbeddedFile>& @function@() {
  static const std::vector<EmbeddedFile> files{
@entries@  };
  return files;
}

} // namespace lab::tools
")
endfunction()
