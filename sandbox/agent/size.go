package agent

// Size is the size of a terminal's window, in characters.
type Size struct{ Cols, Rows uint16 }
