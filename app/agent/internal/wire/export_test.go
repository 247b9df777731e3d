package wire

// What the tests of all operations need, of which some are in another package.

func EncodeRequest[Req, Rep any](op Op[Req, Rep], req Req) ([]byte, error) {
	return encodeRequest(op, req)
}

func Encode(head, body any) ([]byte, error) { return encode(head, body) }

func DecodeReply[Req, Rep any](op Op[Req, Rep], line []byte) (ReplyHead, Rep, error) {
	r, err := decodeReply(op, line)
	return r.ReplyHead, r.body, err
}
