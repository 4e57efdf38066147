module chancery/tests/interop/cel

go 1.23.0

require (
	cel.dev/expr v0.26.0
	google.golang.org/protobuf v1.36.10
)
