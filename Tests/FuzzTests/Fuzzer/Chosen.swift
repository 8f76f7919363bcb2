/// What is fed. A function that C calls can capture nothing.
nonisolated(unsafe) var chosen: FuzzTarget?
