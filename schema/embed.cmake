# cmake -DOUT=schema_text.cc -DPLAIN=x.xsd -DNAMESPACE=y.xsd -P embed.cmake
# Writes the two schemas as string literals, so that the module reads no file.
file(READ ${PLAIN} plain)
file(READ ${NAMESPACE} namespace)
file(WRITE ${OUT} "#include \"schema/schema_text.h\"

namespace schema {

std::string_view PlainSchemaText() {
  return R\"xsd(${plain})xsd\";
}

std::string_view NamespaceSchemaText() {
  return R\"xsd(${namespace})xsd\";
}

}  // namespace schema
")
