module example.com/compiled/oddities

go 1.22
