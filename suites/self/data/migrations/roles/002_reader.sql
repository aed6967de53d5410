create role reader_of_interrupts;
grant select on flow_interrupts to reader_of_interrupts;
