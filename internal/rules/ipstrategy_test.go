package rules

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/mod-zookeeper/traefik-zookeeper/config"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/problems"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/request"
)

func TestIPStrategies(t *testing.T) {
	if checkIPStrategy("s", nil, &problems.List{}) != nil {
		t.Error("there is a strategy without one")
	}
	for _, c := range []struct {
		given config.IPStrategy
		want  request.IPStrategy
	}{
		{config.IPStrategy{}, request.IPStrategy{}},
		{config.IPStrategy{Depth: "0"}, request.IPStrategy{}},
		{config.IPStrategy{Depth: " 2 ", IPv6Subnet: "64"}, request.IPStrategy{Depth: 2, IPv6Subnet: 64}},
		{config.IPStrategy{Depth: "16"}, request.IPStrategy{Depth: 16}},
		{config.IPStrategy{Header: " cf-connecting-ip", IPv6Subnet: "128"}, request.IPStrategy{Header: "Cf-Connecting-Ip", IPv6Subnet: 128}},
	} {
		list := &problems.List{}
		if got := checkIPStrategy("s", &c.given, list); *got != c.want || list.Err() != nil {
			t.Errorf("%+v: %+v, %v", c.given, got, list.Err())
		}
	}
	list := &problems.List{}
	if got := checkIPStrategy("s", &config.IPStrategy{Depth: "1", ExcludedIPs: []string{"10.0.0.1", " 10.1.0.0/16"}}, list); got.Depth != 1 || got.Excluded == nil || list.Err() != nil {
		t.Errorf("%+v, %v", got, list.Err())
	}
}

// A mistake names the key, the value and the remedy.
func TestMistakesInAnIPStrategy(t *testing.T) {
	for _, c := range []struct {
		strategy config.IPStrategy
		want     string
	}{
		{config.IPStrategy{Depth: "-1"}, `s.depth: "-1": a number from 0 to 16`},
		{config.IPStrategy{Depth: "17"}, `s.depth: "17": a number from 0 to 16`},
		{config.IPStrategy{Depth: "1.5"}, `s.depth: "1.5": a number`},
		{config.IPStrategy{Depth: "true"}, `s.depth: "true": a number`},
		{config.IPStrategy{IPv6Subnet: "0"}, `s.ipv6Subnet: "0": a number from 1 to 128`},
		{config.IPStrategy{IPv6Subnet: "129"}, `s.ipv6Subnet: "129": a number from 1 to 128`},
		{config.IPStrategy{IPv6Subnet: "/64"}, `s.ipv6Subnet: "/64": a number from 1 to 128`},
		{config.IPStrategy{ExcludedIPs: []string{"10.0.0.1", "proxy"}}, `s.excludedIPs: "proxy": an address or a network, as in`},
		{config.IPStrategy{ExcludedIPs: []string{""}}, `s.excludedIPs: "": an address or a network, as in`},
		{config.IPStrategy{Header: "X Y"}, `s.header: "X Y": the name of a header`},
		{config.IPStrategy{Header: "x-forwarded-for"}, `s.header: "x-forwarded-for": this header has a list`},
		{config.IPStrategy{Header: "Forwarded"}, `s.header: "Forwarded": this header has more than an address`},
		{config.IPStrategy{Header: "X-Client", Depth: "1"}, `s.header: "X-Client": either header, or depth and excludedIPs`},
		{config.IPStrategy{Header: "X-Client", ExcludedIPs: []string{"10.0.0.1"}}, `s.header: "X-Client": either header, or`},
	} {
		list := &problems.List{}
		checkIPStrategy("s", &c.strategy, list)
		if got := strings.Join(list.Texts(), "; "); len(list.Texts()) != 1 || !strings.HasPrefix(got, c.want) {
			t.Errorf("%+v: %s; want %s", c.strategy, got, c.want)
		}
	}
}

// The header that has the client's address is no header that the plugin sets or takes away.
func TestHeaderOfAnIPStrategyIsItsOwn(t *testing.T) {
	path := []string{"/a"}
	gate := config.Gate{Path: path, Bypass: &config.Bypass{Header: &config.Secret{Name: "X-Client", Value: "s3cret"}}}
	for want, c := range map[string]*config.Config{
		`ipStrategy.header: "X-Client": a rule in requestHeaders has this header`: {RequestHeaders: []config.HeaderRule{{Name: "X_Client", Path: path}}},
		`ipStrategy.header: "X-Client": decisionHeader has this header`:           {DecisionHeader: "x-client"},
		`gates[0].bypass.header.name: "X-Client": ipStrategy has this header`:     {Gates: []config.Gate{gate}},
	} {
		c.IPStrategy = &config.IPStrategy{Header: "X-Client"}
		list := &problems.List{}
		compileConfig(c, list)
		if got := strings.Join(list.Texts(), "; "); len(list.Texts()) != 1 || !strings.Contains(got, want) {
			t.Errorf("%s; want %s", got, want)
		}
	}
	list := &problems.List{}
	compileConfig(&config.Config{ResponseHeaders: []config.HeaderRule{{Name: "X-Client", Path: path}}, IPStrategy: &config.IPStrategy{Header: "X-Client"}}, list)
	if list.Err() != nil {
		t.Error(list.Err())
	}
}

// A strategy counts for each template and each bypass. An attribute of one's own stays.
func TestStrategyCountsEverywhere(t *testing.T) {
	c := &config.Config{
		IPStrategy: &config.IPStrategy{Depth: "1"}, TargetingKey: "{ip}", Context: map[string]string{"client": "<{header.X-None|ip}>"},
		Gates:           []config.Gate{{Path: []string{"/a", "/gates/{ip}"}, Bypass: &config.Bypass{IPs: []string{"192.0.2.8"}}}},
		RequestHeaders:  []config.HeaderRule{{Name: "X-A", Path: []string{"/headers/{ip}"}}, {Name: "X-B", Mode: "remove"}},
		ResponseHeaders: []config.HeaderRule{{Name: "X-A", Path: []string{"/responses/{ip}"}}},
	}
	list := &problems.List{}
	r := compileConfig(c, list)
	if list.Err() != nil {
		t.Fatal(list.Err())
	}
	asked := &http.Request{URL: &url.URL{Path: "/"}, Header: http.Header{"X-Real-Ip": {"192.0.2.7"}, "X-Forwarded-For": {"192.0.2.9, 192.0.2.8"}}}
	reader := &request.Reader{Request: asked}
	attributes := request.ContextOf(request.AttributesFor([]string{"ip", "client", request.TargetingKey}, r.Context), reader)
	if attributes["ip"] != "192.0.2.8" || attributes["client"] != "<192.0.2.8>" || attributes[request.TargetingKey] != "192.0.2.8" {
		t.Errorf("the context is %v", attributes)
	}
	for template, want := range map[*request.PathTemplate]string{
		r.Gates[0].Source.Places[1].Template: "/gates/192.0.2.8", r.Headers[0].Source.Places[0].Template: "/headers/192.0.2.8", r.Headers[2].Source.Places[0].Template: "/responses/192.0.2.8",
	} {
		if got, _ := request.PathFor(template, reader); got != want {
			t.Errorf("a path is %s, want %s", got, want)
		}
	}
	if !Passes(r.Gates[0].Bypass, asked) || reader.Unread != "" {
		t.Errorf("the client doesn't get by; %s", reader.Unread)
	}
	c.Context["ip"] = "{header.X-Forwarded-For}"
	if got := request.ContextOf(request.AttributesFor([]string{"ip"}, compileConfig(c, list).Context), reader); got["ip"] != "192.0.2.9, 192.0.2.8" {
		t.Errorf("an attribute of one's own is %v", got)
	}
}
