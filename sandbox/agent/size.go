package agent

// Size is the size of a terminal's window, in characters.
type Size struct {
	Cols uint16 `json:"cols"`
	Rows uint16 `json:"rows"`
}

// orDefault replaces a size that no program could draw on.
func (s Size) orDefault() Size {
	if s.Cols == 0 || s.Rows == 0 {
		return Size{Cols: 80, Rows: 24}
	}
	return s
}
