//! One script over all that can be said to the simulator of agents and calls (docs/manual/simulator.md): each row of the
//! table of calls is played once, and what it comes to is looked at.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod desk;

use desk::Running;

const SCRIPT: &str = r#"
# people outside, who answer, or do not
5551009 answers after 2s
5551008 is busy
5551007 never answers
5551006 does not exist
ring time 20s

# a call that waits for somebody, with data and an array, and is answered, held and taken back
call from 5551001 to Support var1="gold customer" user.order=7 user.list[2]=c
expect 1 waiting in Support
1001001 signs in
1001001 is ready
expect 1001001 is reserved
1001001 answers
expect 1001001 is talking
1001001 holds
expect 1001001 is on hold
1001001 retrieves
1001001 presses 12#
1001001 sets wrapup=Sold var2=x user.order=8
calls

# what waits for the end of the call; wrap-up and its end
wrap-up 1001001 20s
1001001 is not ready 3
expect 1001001 is talking
1001001 is ready
5551001 hangs up
expect 1001001 is wrapping up
wait 21s
expect 1001001 is ready
expect no calls
wrap-up everybody off

# not answered: back to the queue, the caller gives up
call from 5551002 to Support waits 60s
wait 21s
expect 1001001 is not ready 32767
expect 1 waiting in Support
wait 60s
expect no calls

# at one's own desk, routed or not
1001001 is ready
ring 1001001 from 5551003
1001001 answers
1001001 drops
1001001 is not ready 2
ring 1001001
expect 2001 is ringing
1001001 answers
1001001 drops

# outgoing: answered, busy, nobody there, no such number
1001001 calls 5551009
wait 3s
expect 1001001 is talking
1001001 drops
1001001 calls 5551008
expect 2001 is failed
1001001 drops
1001001 calls 5551007
1001001 drops
1001001 calls 5551006
expect 2001 is failed
1001001 drops
expect no calls

# inside, consultation, both ways and back
1001002 signs in at 2002
1001003 signs in
1001001 calls 2002 var3=y
1001002 answers
expect 2002 is active
1001001 consults 2003
1001003 answers
1001001 alternates
expect 1001001 is talking
1001001 alternates
1001001 reconnects
expect 2003 is gone
1001001 consults 2003
1001003 answers
1001001 transfers
expect 1001003 is talking
expect 2001 is gone
1001003 drops
expect no calls

# transfer in one step, conference, a party that is dropped
call from 5551004 to 2001
1001001 answers
1001001 transfers to 2002
1001002 answers
1001002 consults 2003
1001003 answers
1001002 conferences
expect 5551004 is active
1001002 conferences 2001
1001001 answers
1001002 drops 2003
expect 2003 is gone
1001001 drops
1001002 drops
expect no calls

# a supervisor listens, stops, listens again, speaks, takes over
1900001 signs in at 1901
1001001 is ready
call from 5551005 to Support for 1001001 talks 10m
1001001 answers
1900001 monitors 1001001
1900001 stops listening
1900001 monitors 1001001
1900001 barges in on 1001001
expect 1901 is active
1900001 intercepts 1001001
expect 2001 is gone
5551005 hangs up
expect no calls

# outbound: a record is rejected, closed, accepted; dialled at once
1001001 is ready
offer 5551009 to 1001001 campaign Spring
1001001 sets BAResponse=Reject
expect no calls
1001001 is ready
offer 5551009 to 1001001
1001001 sets BAResponse=Reject-Close
expect no calls
1001001 is ready
offer 5551009 to 1001001
1001001 sets BAResponse=Accept
wait 3s
expect 5551009 is active
1001001 drops
1001001 is ready
offer 5551009 to 1001001 directly
1001001 sets BAResponse=Accept
wait 3s
expect 5551009 is active
5551009 hangs up
expect no calls

# the end of the day
1001001 is not ready 1
1001001 signs out
1001002 signs out
1001003 signs out
1900001 signs out
agents
queues
clients
sides
"#;

/// With tokio's clock paused, the hour takes no time.
#[tokio::test(start_paused = true)]
async fn every_row_of_the_table_can_be_played_from_one_script() {
    let running = Running::start().await;
    let said = running.play(SCRIPT).await;
    assert!(said.contains("var1=\"gold customer\"") && said.contains("user.order=\"8\""), "{said}");
    assert!(said.contains("today 5 offered, 3 handled, 1 lost"), "{said}");
    assert_eq!(said.lines().filter(|line| line.ends_with("  signed out")).count(), 5, "{said}");
}
