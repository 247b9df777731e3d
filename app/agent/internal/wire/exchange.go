package wire

import (
	"bufio"
	"context"
	"time"

	"keyfob/auth"
)

// Exchange sends one request on conn and returns the last line of its answer;
// each gets the ones before. An error of the engine, and of each, is returned as
// it is.
func Exchange[Req, Rep any](ctx context.Context, conn Conn, op Op[Req, Rep], req Req, each func(Rep) error) (Rep, error) {
	var none Rep
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() }) // which ends reads and writes under way
	defer stop()
	line, err := encodeRequest(op, req)
	if err != nil {
		return none, BadRequest("this cannot be asked")
	}
	if len(line)-1 > MaxRequest {
		return none, TooLong()
	}
	_ = conn.SetDeadline(time.Now().Add(SilentFor))
	_, _ = conn.Write(line) // where that fails the engine has hung up, and may have said why
	for lines := bufio.NewReader(conn); ; {
		line, err := ReadFrame(lines, MaxReply, nil)
		if err != nil {
			return none, ioError(ctx, err)
		}
		r, err := decodeReply(op, line)
		switch {
		case err != nil:
			return none, err
		case r.Error != nil:
			return none, r.Error
		case r.Wait:
		case !r.More:
			return r.body, nil
		case each != nil:
			if err := each(r.body); err != nil {
				return none, err
			}
		}
		_ = conn.SetReadDeadline(time.Now().Add(silentFor(string(op))))
	}
}

// Reply sends one line of an answer: head, and body's members unless that is
// nil. A client that does not read loses its connection.
func Reply(conn Conn, head ReplyHead, body any) error {
	head.V = version
	line, err := encode(head, body)
	if err == nil && len(line) > MaxReply {
		tooMuch := &auth.Error{Kind: auth.KindFailed, Code: auth.CodeAgentReply, What: "the answer is longer than 16 MiB"}
		line, err = encode(ReplyHead{V: version, Error: tooMuch}, nil)
	}
	if err != nil {
		return err
	}
	_ = conn.SetWriteDeadline(time.Now().Add(WriteWithin))
	_, err = conn.Write(line)
	return err
}
