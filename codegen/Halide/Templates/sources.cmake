# Paths relative to codegen/Halide.
set(SHIFTADD_TEMPLATE_SOURCES
  Templates/AnchorTemplates.cpp
  Templates/Blocks.cpp
  Templates/ConvolutionFloat.cpp
  Templates/ConvolutionInteger.cpp
  Templates/DepthwiseFloat.cpp
  Templates/DepthwiseInteger.cpp
  Templates/PixelSpace.cpp
  Templates/Tile.cpp)
