import time, subprocess, redis
from portfolio.models import MarketDataRun
from tests.services.test_worker import *
from tests.services.test_worker import market

def test_dbg(machine, market):
    w = machine.start_worker()
    machine.order_refresh()
    wait_until(is_over, what="first")
    n = 1
    for k in range(8):
        machine.kill_redis(); machine.start_redis(); 
        t=time.time(); machine.order_refresh(); n+=1
        print("ordered", round(time.time()-t,2))
        while MarketDataRun.objects.filter(state="done").count() < n and time.time()-t < 60: time.sleep(0.1)
        print(k, "took", round(time.time()-t,1), list(MarketDataRun.objects.values_list("state","items__state").distinct()))
        if time.time()-t >= 60:
            c = redis.Redis(unix_socket_path=str(machine.redis.socket))
            print("keys", [(x, c.type(x)) for x in c.keys("*")])
            print("queue", c.llen("larder:queue:celery"), c.hlen("larder:queue:unacked"))
            print(c.client_list())
            print(subprocess.run(["py-spy","dump","--pid",str(w.pid)],capture_output=True,text=True).stdout[-3000:] if False else "")
            print(open(machine.log).read()[-1500:])
            assert 0
