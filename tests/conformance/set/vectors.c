/* The golden vectors of tests/vectors inside the program, so that it can prove its SET side
 * wherever it runs.  The bundle is written by CMakeLists.txt: "@@ path", then the file. */
__asm__(
    ".section .rodata\n"
    ".global conform_vectors\n"
    "conform_vectors:\n"
    ".incbin \"" CONFORM_VECTOR_BUNDLE
    "\"\n"
    ".global conform_vectors_end\n"
    "conform_vectors_end:\n"
    ".byte 0\n"
    ".previous\n");

typedef int conform_vectors_not_empty; /* a translation unit holds a declaration */
