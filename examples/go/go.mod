module example.com/interrupts

go 1.19
