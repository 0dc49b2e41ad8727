# Paths relative to codegen/Halide.
set(SHIFTADD_TEMPLATE_SOURCES
  Templates/AdderInteger.cpp
  Templates/AnchorForm.cpp
  Templates/AnchorTemplates.cpp
  Templates/Blocks.cpp
  Templates/ConvolutionChunked.cpp
  Templates/ConvolutionFloat.cpp
  Templates/ConvolutionInteger.cpp
  Templates/DepthwiseFloat.cpp
  Templates/DepthwiseInteger.cpp
  Templates/NarrowWeights.cpp
  Templates/PixelSpace.cpp
  Templates/ShiftAdd.cpp
  Templates/ShiftAddTerms.cpp
  Templates/SparseBlocks.cpp
  Templates/Staging.cpp
  Templates/Tile.cpp)
