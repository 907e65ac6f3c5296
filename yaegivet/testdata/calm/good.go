package good

import (
	"context"
	"log"
	"os"
	"sync"
	"time"
)

func wait(ctx context.Context, logger *log.Logger, file *os.File, name string, cancel context.CancelFunc) {
	wg := &sync.WaitGroup{}
	go func() {
		<-ctx.Done()
		logger.SetOutput(os.Stdout)
		if err := file.Close(); err != nil {
			logger.Printf("%s: %v", name, err)
		}
	}()
	go wg.Wait()
	go cancel()
	go func() {
		defer wg.Done()
		defer func() { recover() }()
		panic("it recovers")
	}()
	time.AfterFunc(time.Second, cancel)
	time.AfterFunc(time.Second, func() { log.Print(name) })
	go func() {
		time.Sleep(time.Second)
		counts := map[string]int{}
		n := counts[name] / 2
		log.Println(n, len(name))
	}()
	results := make(chan error)
	go func() { results <- nil }()
	<-results
}
