package zookeeper

// diagnose reports why a session may have been lost: a server that wants TLS, or none.
func diagnose(s *session) {
	mistake := s.inForce().wrongProtocol()
	if mistake != "" {
		s.log.report(mistake)
	}
}
