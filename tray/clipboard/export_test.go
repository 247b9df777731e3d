package clipboard

// Owned reports whether what Copy put on the clipboard is still there.
func (c *Clipboard) Owned() bool {
	c.mu.Lock()
	h := c.held
	if c.cleared {
		h = nil
	}
	c.mu.Unlock()
	return h != nil && h.owned()
}
