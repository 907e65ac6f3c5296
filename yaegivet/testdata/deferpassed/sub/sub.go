package sub

import "sync"

func Wait(wg *sync.WaitGroup) { wg.Wait() }
