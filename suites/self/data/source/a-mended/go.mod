module example.com/orbit

go 1.21
