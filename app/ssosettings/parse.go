package ssosettings

import (
	"bytes"
	"encoding/json"
	"fmt"
	"sort"
	"strings"

	"keyfob/app/setup/form"
	"keyfob/auth"
)

// maxDepth is how deep objects and lists may lie in each other. The settings go
// five deep.
const maxDepth = 32

// maxSlips bounds the list of slips; a file with more of them is no settings
// file with slips.
const maxSlips = 100

// kind is what a value is.
type kind int

const (
	kindText kind = iota
	kindWord      // a number, true, false or null
	kindObject
	kindList
)

// node is one value of the file. Its text is there only where the reader
// wanted it, so that nothing else of the file outlives parsing.
type node struct {
	path []string // keys from the outside in; an item of a list has the list's path
	line int      // where the value stands, from 1
	kind kind
	text string
}

// parser reads JSON with the slips that people make by hand. A file that is
// JSON is read as nothing else: leniency begins where that fails.
type parser struct {
	data    []byte
	pos     int
	lenient bool
	depth   int
	want    func(path []string) bool
	nodes   []node
	slips   []form.Slip
	breaks  []int // where each line begins, less one; nil until somebody asks
}

// slip notes what was wrong and passed over at offset.
func (p *parser) slip(offset int, code form.SlipCode) {
	line := p.lineAt(offset)
	if n := len(p.slips); n > 0 && p.slips[n-1] == (form.Slip{Line: line, Code: code}) {
		return
	}
	if len(p.slips) < maxSlips {
		p.slips = append(p.slips, form.Slip{Line: line, Code: code})
	}
}

func (p *parser) lineAt(offset int) int {
	if p.breaks == nil {
		p.breaks = []int{-1}
		for i, c := range p.data {
			if c == '\n' {
				p.breaks = append(p.breaks, i)
			}
		}
	}
	return sort.SearchInts(p.breaks, offset)
}

// fail is the error for what cannot be passed over. It never quotes the file.
func (p *parser) fail(offset int, what string) error {
	return &auth.Error{
		Kind: auth.KindUsage, Code: auth.CodeSSOSettings, Who: auth.WhoYou,
		What: fmt.Sprintf("line %d: %s", p.lineAt(offset), what), Do: "fix this line, or import from a copy that ThingWorx reads",
	}
}

// file reads the whole file: one object, whose braces may be missing or one
// too many.
func (p *parser) file() error {
	p.lenient = !json.Valid(p.data)
	if err := p.space(); err != nil {
		return err
	}
	switch c := p.peek(); {
	case c == '{':
		p.pos++
		return p.root(true)
	case p.opens() > 0:
		p.slip(p.pos, form.SlipNoBraces)
		return p.root(false)
	}
	return p.fail(p.pos, "a { belongs here")
}

// root reads the members of the outermost object, whose opening brace was read
// if open is set. It goes on behind a brace that closes the object too early.
func (p *parser) root(open bool) error {
	early := false // a brace closed the object and more of it came
	for {
		if err := p.members(nil); err != nil {
			return err
		}
		if p.peek() == 0 {
			if open && !early {
				p.slip(len(bytes.TrimSpace(p.data)), form.SlipNoLastBrace)
			}
			return nil
		}
		at := p.pos
		p.pos++ // the }
		if err := p.space(); err != nil {
			return err
		}
		switch c := p.peek(); {
		case !open:
			p.slip(at, form.SlipExtraBrace)
		case c == '}':
			p.slip(p.pos, form.SlipExtraBrace)
			p.pos++
		case c != 0: // the rest belongs to the object too
			p.slip(at, form.SlipExtraBrace)
			early = true
			if c == ',' {
				p.pos++
			}
		}
		if err := p.space(); err != nil {
			return err
		}
		if p.peek() == 0 {
			return nil
		}
		open = early
	}
}

// members reads the members of an object behind its opening brace, up to the
// closing one or the end of the file.
func (p *parser) members(path []string) error {
	comma, first := false, true
	end := p.pos // behind the last value
	for {
		if err := p.space(); err != nil {
			return err
		}
		switch c := p.peek(); {
		case c == '}' && comma:
			p.slip(end, form.SlipCommaBeforeBrace)
			return nil
		case c == 0, c == '}':
			return nil
		case c == ',':
			p.slip(p.pos, form.SlipExtraComma)
			p.pos++
			continue
		case c == ']':
			return p.fail(p.pos, "a ] stands where a } belongs")
		}
		if !comma && !first {
			p.slip(end, form.SlipNoComma)
		}
		if err := p.member(path); err != nil {
			return err
		}
		comma, first, end = false, false, p.pos
		if err := p.space(); err != nil {
			return err
		}
		if p.peek() == ',' {
			p.pos++
			comma = true
		}
	}
}

// member reads a key and its value.
func (p *parser) member(path []string) error {
	if p.opens() == 0 {
		return p.fail(p.pos, "a name in quotes belongs here")
	}
	name, err := p.text(true)
	if err != nil {
		return err
	}
	if err := p.space(); err != nil {
		return err
	}
	if p.peek() != ':' {
		return p.fail(p.pos, "a colon is missing behind a name")
	}
	p.pos++
	return p.value(append(path[:len(path):len(path)], name))
}

// value reads one value, and keeps it where it is wanted.
func (p *parser) value(path []string) error {
	if err := p.space(); err != nil {
		return err
	}
	if p.depth++; p.depth > maxDepth {
		return p.fail(p.pos, "the settings lie deeper in each other than any settings do")
	}
	defer func() { p.depth-- }()
	at := p.pos
	add := func(k kind, text string) {
		p.nodes = append(p.nodes, node{path: path, line: p.lineAt(at), kind: k, text: text})
	}
	switch c := p.peek(); {
	case c == '{':
		add(kindObject, "")
		p.pos++
		if err := p.members(path); err != nil {
			return err
		}
		if p.peek() == 0 {
			return p.fail(at, "an object begins here and its } is missing")
		}
		p.pos++
		return nil
	case c == '[':
		add(kindList, "")
		p.pos++
		return p.items(path)
	case p.opens() > 0:
		text, err := p.text(p.want(path))
		if err == nil {
			add(kindText, text)
		}
		return err
	}
	for p.pos < len(p.data) && strings.IndexByte("+-.0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_", p.data[p.pos]) >= 0 {
		p.pos++
	}
	word := string(p.data[at:p.pos])
	if word == "" || !json.Valid([]byte(word)) {
		return p.fail(at, "a value belongs here, in quotes")
	}
	if !p.want(path) {
		word = ""
	}
	add(kindWord, word)
	return nil
}

// items reads a list behind its opening bracket.
func (p *parser) items(path []string) error {
	comma, first := false, true
	end := p.pos
	for {
		if err := p.space(); err != nil {
			return err
		}
		switch c := p.peek(); {
		case c == 0 || c == '}':
			return p.fail(p.pos, "a ] is missing")
		case c == ']':
			if comma {
				p.slip(end, form.SlipCommaBeforeBracket)
			}
			p.pos++
			return nil
		case c == ',':
			p.slip(p.pos, form.SlipExtraComma)
			p.pos++
			continue
		}
		if !comma && !first {
			p.slip(end, form.SlipNoComma)
		}
		if err := p.value(path); err != nil {
			return err
		}
		comma, first, end = false, false, p.pos
		if err := p.space(); err != nil {
			return err
		}
		if p.peek() == ',' {
			p.pos++
			comma = true
		}
	}
}

// peek returns the next byte, or 0 at the end.
func (p *parser) peek() byte {
	if p.pos < len(p.data) {
		return p.data[p.pos]
	}
	return 0
}
