/**
 * Every number of the rate control, in one table: how fast is asked, how long is waited, when silence is an answer.
 *
 * Each says its unit and what it is for, and then on what it rests:
 * - `Source:` a standard, a kernel's habit, or arithmetic;
 * - `Measured:` a figure that was seen with it, or what went wrong without it;
 * - `Reasoned:` nobody has measured this very value. It may be moved when somebody does.
 *
 * "Sparse" is a path on which most probes are never answered (a sweep). A share is a part of one. What bounds memory
 * alone, or the walk of a traceroute, stands with its code; the bounds that a timing template sets come with the plan.
 *
 * @module
 */

// Rounds: what is sent at one rate and judged together (rounds.ts)

/** Probes in a round that ends after a round trip. Reasoned: the fewest whose answers mean something. */
export const smallestRound = 8;
/** Microseconds. Reasoned: shorter rounds, of the nearest hosts, would be judged on noise. */
export const shortestRoundUs = 200;
/** Microseconds. Reasoned: a round in which little is sent ends all the same, twenty a second. */
export const longestRoundUs = 50_000;
/** Round trips, where those are longer. Reasoned: one is a full round, four are slow. */
export const longestRoundRtts = 4;
/** Rounds. Answers to older ones no longer count. Reasoned: a round lasts a round trip; jitter is not 16. */
export const rememberedRounds = 16;
/** Share of the past that a round leaves in the usual share. Reasoned: about eight rounds count, as in an SRTT. */
export const shareMemory = 7 / 8;
/**
 * Log likelihood ratio from which two shares differ. Source: half of 9, the chi-squared of three standard deviations,
 * which chance exceeds in one of 400 cases. Measured: a limit shows after some fifty probes.
 */
export const clearLogRatio = 4.5;

// Growth (growth.ts, rate-terms.ts, rate-finder.ts)

/** Factor a round at the start. Source: slow start doubles each round trip (RFC 5681, 3.1). */
export const startGrowth = 2;
/** Steps up before the first is judged. Reasoned: they go too far by a factor of four at most. */
export const mostStepsAhead = 2;
/** The same where hardly anybody answers. Reasoned: nothing would be heard of the first before the second. */
export const sparseStepsAhead = 1;
/** Share of the rate that must be used to raise it. Reasoned: less does not show that the path bears more. */
export const usedRateShare = 0.5;
/** Factor a round just after a brake, and near the rate a path bears. Reasoned: a queue of that excess fills slowly. */
export const carefulGrowth = 1.02;
/** Calm rounds that are careful. Reasoned: eight times 2 % win back the 15 % that a delay takes. */
export const carefulRounds = 8;
/** Factor a round after those. Reasoned: between careful and bold. */
export const calmGrowth = 1.08;
/** Calm rounds before the bold ones. Reasoned: by then the rate is three times that after the brake. */
export const calmRounds = 20;
/** Factor a round in lasting calm. Reasoned: a path that became free is filled within some round trips. */
export const boldGrowth = 1.25;
/** Factor around the rate that a path bore, where steps are careful. Reasoned: half as much again is near. */
export const nearBorneFactor = 1.5;
/** Factor of the rate when packets were lost on this machine. Reasoned: its reader needs a little less at once. */
export const localLossFactor = 0.8;

// Shortage: fewer answers than usual (rate-terms.ts, rate-finder.ts, error-watch.ts, likely-ports.ts)

/** Answers from which the usual share is guessed. Reasoned: fewer are chance. */
export const leastKnown = 4;
/** The same on a sparse path. Source: such a guess holds to a sixth (one standard deviation). */
export const sparselyKnown = 32;
/** Expected answers that mean something. Source: none of eight is nearly three standard deviations off. */
export const clearlyExpected = 8;
/** The same on a sparse path. Reasoned: so many that half of them staying away is no chance. */
export const sparselyExpected = 64;
/** Probes after which a share of none is a share too. Reasoned: sixteen times those that tell of answers. */
export const silentAfterProbes = 64;
/** Share of those expected that is no shortage. Reasoned: random loss that comes and goes stays above it. */
export const enoughShare = 0.7;
/** The same on a sparse path. Measured: paths are used to 0.8 to 1.1 where one in ten answers (sweep.test.ts). */
export const sparselyEnoughShare = 0.85;
/** Share of those missed that came late after all, when it was no shortage. Reasoned: more than half cannot be chance. */
export const lateShare = 1 / 2;
/** Weight of a sparse round with fewer answers. Reasoned: a slow creep past the path must not become usual. */
export const doubtfulWeight = 1 / 4;

/** Share of likely ports above which nothing filters them. Reasoned: a host answers for most of its ports, or few. */
export const likelyAnswered = 1 / 2;

// Delay: a queue shows before it overflows (delay-watch.ts, growth.ts)
// Measured together: 10,000/s with a queue of 200 take 1.21 of the ideal time, 1 % dropped (bench/RESULTS.md).

/** Answers whose smallest round trip is the delay now. Reasoned: twice the 8 of HyStart++ (RFC 9406, 4.3). */
export const delayWindow = 16;
/** Microseconds. Delay that is no queue but scheduling. Source: MIN_RTT_THRESH of HyStart++ (RFC 9406, 4.3). */
export const leastDelayUs = 4000;
/** Share of the round trip that is no queue. Reasoned: twice the eighth of HyStart++ (RFC 9406, 4.3). */
export const delayRttShare = 1 / 4;
/** Microseconds that a delay must last. Reasoned: a thread that waited for its processor delays one batch, no more. */
export const leastQueueUs = 8000;
/** Share of the path's own round trip that a delay must last. Reasoned: the same where round trips are long. */
export const queueRttShare = 1 / 2;
/** Factor at the start. Reasoned: the last doubling was not heard of yet, so a quarter to a half is borne. */
export const startDelayFactor = 0.4;
/** Factor later. Reasoned: delay is seen before loss, for which CUBIC takes 0.7 (RFC 9438, 4.6). */
export const delayFactor = 0.85;
/**
 * Cuts that do not lessen a delay, after which it is the path's own. Source: 0.85^5 is less than half, a queue would be
 * empty. Measured: without it one scan in five through a bottleneck fell to 30/s and stayed there.
 */
export const fruitlessCuts = 5;
/** Share of the first delay that counts as not lessened. Reasoned: at half the rate a queue of ours is far below it. */
export const fruitlessDelayShare = 0.75;

// The hunt for a limit on answers (limit-hunt.ts), and keeping to it (limit-hold.ts)
// Measured together: 98.7 to 99.5 % of limits of 50, 200 and 1000 resets/s are used (bench/RESULTS.md).

/** Probes a second at first. Reasoned: questions must last; a faster limiter shows all the same, measured at more. */
export const drainPps = 4000;
/** Seconds of draining, and of each look at least. Reasoned: saved-up answers come at once and are gone then. */
export const huntLookSeconds = 0.1;
/** Times what comes that is asked for. Measured: all at once, a limit of 200/s was used to 87 to 99 % only. */
export const floodFactor = 4;
/** Probes a second that the flood has at least. Reasoned: many times the slowest limits, one a second. */
export const leastFloodPps = 50;
/** Answers from which a rate is told. Reasoned: fewer say nothing; the trial after it corrects the guess. */
export const fewestHuntAnswers = 4;
/** Seconds for one answer. Source: Linux lets one ICMP error a second through (icmp_ratelimit). */
export const mostSilentSeconds = 2.5;
/** Share of the guessed limit that is tried. Reasoned: a tenth slower, so that none is swallowed. */
export const trialShare = 0.9;
/** Times the flood's share that prove a limiter. Reasoned: between none and the four that the flood asks for. */
export const provenGain = 1.6;
/** The same that is worth another trial. Reasoned: better, but saved-up answers were measured as well. */
export const betterGain = 1.25;
/** Trials. Reasoned: each goes down to what came, and nobody saves up answers for more. */
export const mostTrials = 4;
/** Expected answers after which no gain means none, twice as many in doubt. Reasoned: as for a shortage. */
export const clearlyTried = 8;
/** Share of the expected answers above which nobody swallows any. Reasoned: half of what is aimed at, in doubt. */
export const unswallowedShare = 0.97;
/** Share of probes answered that is aimed at. Reasoned: the six swallowed of a hundred show that the limit is used. */
export const aimedShare = 0.94;
/** Answers in a window at least. Reasoned: to tell six in a hundred at all, where everybody answers. */
export const fewestInWindow = 16;
/** Times the silent share: answers in a window. Source: {@link noiseDeviations} are a tenth of the share then. */
export const windowAnswers = 225;
/** Standard deviations of the share that are noise. Reasoned: a mistake costs a few per cent, and the next window. */
export const noiseDeviations = 1.5;
/** Seconds. Reasoned: a window ends all the same, by ten answers of the slowest limiter. */
export const longestWindowSeconds = 10;
/** Times the answers wanted, at the limit, after which a window ends. Reasoned: twice the time it would need. */
export const windowPatience = 2;
/** Answers of which the mean is the limit. Source: by chance alone it holds to a tenth then. */
export const trustedAnswers = 128;
/** Times the limit that came when it no longer holds. Reasoned: a limiter in force lets no such number through. */
export const goneFactor = 2;
/** Share of first transmissions in a window below which they tell nothing. Reasoned: the rest was silent before. */
export const fewestFirstShare = 1 / 4;
/** Factor a window while none is swallowed. Reasoned: from the unswallowed share to the one aimed at. */
export const probeGrowth = 1.03;
/** The same while it has never been reached. Source: as at the start (RFC 5681, 3.1). */
export const searchGrowth = 2;
/** Share of the expected below which silence proves nothing. Reasoned: more than twice what is aimed at is gone. */
export const overShare = 0.85;
/** Windows after a limit has fallen whose silence proves nothing. Measured: closed ports came out filtered without. */
export const settlingWindows = 8;
/** Windows at most between steps up where those bring less. Reasoned: half of a window lost in 32 is no loss. */
export const longestPause = 31;
/** Share of the limit that is full, in doubt about the rest. Reasoned: within the noise of a window. */
export const fullShare = 0.9;
/** Factor then. Reasoned: back to below the limit by two of them. */
export const fullFactor = 0.9;
/** Share of the limit below which the rest is asked faster. Reasoned: so few answers exhaust no limiter. */
export const calmShare = 0.5;
/** Factor then. Reasoned: at most what comes grows to three quarters of the limit. */
export const restGrowth = 1.5;
/** Share of those left that must be known to answer, to tell by it. Reasoned: a smaller one is known too badly. */
export const mostlyLeft = 1 / 2;
/** Times the limit that may be over it. Reasoned: above the aimed share and its noise. */
export const restOverFactor = 1.2;
/** Share of the limit below which little that comes teaches nothing of it. Reasoned: those asked had no more to say. */
export const taughtShare = 0.8;

// Backing off where hardly anybody answers (back-off.ts, step-down.ts)

/** Expected answers after which no difference is none, where nothing was left. Reasoned: six standard deviations. */
export const backOffPatience = 40;
/** Share of the usual that is mostly back. Reasoned: what is no shortage. */
export const mostlyBackShare = 0.7;
/** Share of what came through that is tried. Reasoned: a queue that is full has to empty. */
export const backOffShare = 0.9;
/** Factor at least. Reasoned: what hardly comes through at all says little of how much does. */
export const leastBackOff = 1 / 8;
/** Share left at most that is believed. Reasoned: a smaller difference could not be seen within any patience. */
export const mostLeftShare = 0.9;
/** Standard deviations from the usual share that are a shortage. Source: one case of 400 by chance. */
export const backOffDeviations = 3;

// Samples of the path to hosts that drop nearly everything (path-samples.ts, sample-log.ts, sample-doubt.ts, sampling.ts, step-down.ts)

/** Resets a second asked for as samples. Source: FreeBSD and macOS limit their resets at 200 to 250 a second. */
export const sampledResetPps = 200;
/** Echoes a second asked for as samples. Reasoned: a quarter of the resets, as many as some hosts' filters let through. */
export const sampledEchoPps = 50;
/** Handshakes a second with one open port. Reasoned: what a few visitors of a service make. */
export const sampledHandshakePps = 10;
/** Handshakes a second with all open ports of a host. Reasoned: those of four ports. */
export const sampledHostHandshakePps = 40;
/** Microseconds that a sample waits for questions to leave before it. Reasoned: some turns of a thread. */
export const longestSampleWaitUs = 10_000;
/**
 * Of the rate at which samples were lost, what is asked at least until it is known whether refusals were limited. Reasoned: a
 * limit on what is asked shows again at a quarter if it was much exceeded, and a wrong guess costs little.
 */
export const leastCalm = 1 / 4;
/** Probes that a sample stands for at least. Reasoned: at slow paces samples must not take what questions need. */
export const probesPerSample = 6;
/** Samples on their way at once. Source: 200 resets a second on a path of more than a second. */
export const mostSampledAtOnce = 256;
/** Questions asked for each answered, from which on samples are put. Reasoned: where one in eight answers, that tells. */
export const silentQuestions = 8;
/** Questions asked before that is known. Reasoned: two smallest rounds. */
export const fewestSilentQuestions = 16;
/**
 * Probes per second of the last pass over a host of which nothing ever answered, where that takes no longer than
 * {@link longestLastPass}. Measured: at 500/s a limit of 50/s hid all ten open ports of a thousand in two of ten
 * simulated scans.
 */
export const lastPassPps = 50;
/**
 * Times as long as a time-out for each sending that such a pass takes at most. Reasoned: nine seconds for a thousand ports.
 */
export const longestLastPass = 3;
/**
 * Initial time-outs that all later passes over a host take of which nothing is heard but echoes. Reasoned: so long one of which
 * nothing is known is waited for. Measured: without it limits of 20 to 100 SYNs/s hid all ten open ports of 100 to 1000 in 33
 * of 96 simulated scans, and in 7 with it.
 */
export const echoedTimeouts = 2;
/**
 * How far the gaps between samples differ, as a part of the usual one. Reasoned: at equal gaps samples and the beat of a
 * limiter go in step. Measured: of 0.1 to 1 this one let the fewest open ports behind limits on SYNs be missed (none of 800).
 */
export const sampleSpread = 0.8;
/** Sentinels from so many of which on no further kind is asked. Reasoned: no single service is worn out. */
export const enoughSentinels = 3;
/** Of the questions a second that may be fewer while samples come back again. Reasoned: paces vary by so much. */
export const steadyShare = 0.8;
/**
 * Samples answered in a row that show that nothing swallows most of them. Reasoned: where one in five passes, one pair in 25.
 */
export const heardInARow = 2;
/** Of the usual number of refusals, where somebody limits them, at least. Reasoned: three a second. */
export const leastSlower = 1 / 64;
/**
 * Times that slower helped and did not last, until the rate is not to blame. Reasoned: what was saved up may make a rate look
 * borne.
 */
export const mostRelapses = 2;
/** Times the rate borne. Reasoned: a limit is never as little above what is found of it, which is a tenth less. */
export const nearBorne = 1.1;
/**
 * Shortages much slower than what was borne that are passed over. Reasoned: a limit is found a hundred probes later than it
 * might be.
 */
export const mostExcused = 2;
/** Samples that are supposed to have been answered before any is. Reasoned: half of the first sixteen lost is clear. */
export const supposedSamples = 16;
/** Expected samples after which a difference that chance may explain is none. Reasoned: as many as tell on a sparse path. */
export const longestDoubt = 64;
/**
 * Samples that a pass over what is silent lasts for. Reasoned: a limit at half the pace shows within one. Measured: with
 * four, a scan of a thousand ports behind 100 SYNs/s was over before the limit showed and found one of ten open ports.
 */
export const samplesPerPass = 8;
/** Share of the usual samples that come back where a rate is borne. Reasoned: one is lost now and then. */
export const borneShare = 0.93;
/** The same where it is not. Reasoned: a rate a third above the limit. */
export const shortShare = 0.75;
/**
 * Logarithm of the odds from which a rate is borne. Measured: ten samples without a loss; one more or less changes little.
 */
export const borneOdds = 2;
/** The same from which it is not. Reasoned: one in ten is judged so by chance. */
export const shortOdds = 2.3;
/** Expected samples after which a rate is borne if it is not clearly short. Reasoned: between the two either will do. */
export const longestTrial = 24;
/** Steps down, each by what is missing. Reasoned: four times an eighth are four thousand times slower. */
export const mostStepsDown = 4;
/** Samples whose smallest round trip is the delay now. Reasoned: a fifth of a second where handshakes are all there is. */
export const sampledDelayWindow = 4;
/** Samples lost in a row that ask whether the host is still there. Reasoned: fewer are a burst of loss. */
export const suspiciousSamples = 3;
/**
 * Microseconds without a probe before a sentinel is asked alone. Source: a limit of twenty a second lets one through then.
 * Reasoned: slower ones are found out by the rate, faster links come back.
 */
export const pauseUs = 50_000;
/**
 * Samples answered between two silences of which the path may be to blame, having been gone. Reasoned: what a limit has saved
 * up lets five probes through, and a sample stands for six.
 */
export const heardBeforeGone = 4;

// Round trips and time-outs (rtt.ts, patience.ts)

/** Weight of a sample in the smoothed round trip. Source: alpha (RFC 6298, 2.3). */
export const rttGain = 1 / 8;
/** Weight of a sample in the mean deviation. Source: beta (RFC 6298, 2.3). */
export const rttDeviationGain = 1 / 4;
/** Mean deviations in a time-out. Source: K (RFC 6298, 2.3). */
export const timeoutDeviations = 4;
/** Microseconds. Source: the clock's granularity G (RFC 6298, 2.3), a tick of the timer wheel. */
export const timerTickUs = 1000;
/** Round trips after which a new host is given its link's time. Reasoned: as many as a smoothed one remembers. */
export const linkRttSamples = 8;
/**
 * Microseconds after which kernels send the SYN of a connection again. Source: RFC 6298, 2.1; Linux' TCP_TIMEOUT_INIT.
 * Measured: behind limited errors the time-outs grew with their age, and a connect scan took 33 s instead of 2.
 */
export const kernelRepeatsUs = 1_000_000;
/**
 * Microseconds after that in which an answer is to it, where nothing is known of the path. Reasoned: most paths are no longer
 * than a tenth of a second. Measured: over a link that flapped a round trip of 1.03 s was learned, and a scan of 100 ports
 * took 120 s.
 */
export const soonRepeatedUs = 100_000;
/** Doublings of a time-out (RFC 6298, 5.5). Reasoned: sixteen times spread transmissions over any burst of loss. */
export const mostDoublings = 4;
/** The same where samples show the path. Reasoned: they show a burst of loss that lasts for longer than four time-outs. */
export const mostSampledDoublings = 2;
/**
 * Of a time-out by which it grows with each silence at a limit. Measured: at intervals that were all alike a closed port of
 * 10,000 was swallowed six times by a limit that swallowed one in sixteen, and came out filtered.
 */
export const limitedSpread = 1 / 2;
/** Times the least time-out at which one that is a guess is looked at. Reasoned: it is better known soon. */
export const firstLookFactor = 2;

// Loss, and when silence is an answer (loss.ts, patience.ts, path-feedback.ts, no-ways.ts)

/** Transmissions supposed before any is seen. Source: loss is 1/22 then, and three silences are below 1/10,000. */
export const lossPrior = 22;
/** Of the stated interval. Measured: it holds the true loss in 98 of 100 runs; Wilson's at 95 % did in 90 to 95. */
export const lossConfidence = 0.99;
/** -ln of the chance that a port which answers seems silent. Source: -ln(1/10,000): one open port missed in so many. */
export const silenceEvidence = 9.21;
/**
 * The same where packets are dear. Reasoned: two silences at one loss in sixteen; of a thousand ports that drop everything a
 * few serve, so that one of them is missed in a hundred scans at most.
 */
export const thriftyEvidence = 5.5;
/** Questions missed for each answer from which on packets are dear. Reasoned: elsewhere few are silent, and cost little. */
export const thriftyShare = 3;
/** Answers and samples without a loss from which on one silence may do. Reasoned: the way is there. */
export const fewestToSpare = 2;
/** Silences at least. Source: what the first met shows only in answers to the second. */
export const fewestSilences = 2;
/**
 * Answers after which two silences are enough where packets are dear, if no loss was seen. Reasoned: a loss of 4 % shows in
 * three of five such scans, and elsewhere swallows both transmissions of an open port once in 600 times.
 */
export const thriftyAnswers = 24;
/**
 * Parts of the usual time-out, by silences, where nothing is known of the path. Reasoned: of three transmissions one meets a link
 * that is gone for three tenths of a second every second, whenever the first leaves; all together they take as long as before.
 */
export const unevenShares = [1, 0.65, 1.35] as const;
/**
 * Initial time-outs that a way has to come back to a host of which nothing is known. Source: three silences are waited for
 * where all is silent ({@link lossPrior}), so that a host costs no more time because a router speaks of it.
 */
export const noWayTimeouts = 3;
/** Microseconds of that at most. Source: the kernel's own patience with a neighbour that does not answer. */
export const longestNoWayUs = 3_000_000;
/** How much longer than ever before an error of that kind may take. Reasoned: routers differ by their clock ticks only. */
export const noWayDelayFactor = 1.1;
/** Microseconds of such a delay at most. Source: Linux looks for a neighbour three times, a second each (arp(7)). */
export const longestNoWayDelayUs = 3_500_000;
/** Times that one question is asked, to see whether there is still no way. Reasoned: once, and once where it was in vain. */
export const mostNoWayAsks = 2;
/**
 * Passes in a row in which each question about a host that answers meets such an error again, until it is believed.
 * Reasoned: each begins just after the host has answered, when a link that flaps is there; a filter says it every time.
 */
export const steadyNoWayPasses = 2;
/** Passes at most. Reasoned: a link that is gone a third of the time takes a question in each once in 700 times. */
export const mostNoWayPasses = 6;
/**
 * Microseconds from the one to the other at least. Source: Linux pays for an error about a route that it does not have from
 * one bucket twice (`ip_error` and `icmp_send`, one token a second): asked once a second it never says one. Measured: 0 of
 * 20 came so, 10 of 10 at 2.1 s (kernel 6.18).
 */
export const noWayQuietUs = 2_100_000;
/** Transmissions. Silence that never counts must end some time. Source: their counter has eight bits (board.ts). */
export const mostTransmissions = 250;
/** Share of probes supposed to be swallowed at a limit. Reasoned: six in a hundred are; three times that, in doubt. */
export const limitedLoss = 0.2;
/**
 * Silences behind a limit that there are too few questions to find. Source: they are asked one at a time, near by a tenth of a
 * second apart at first and 400 ms at the fourth time: few limits let less than two a second through.
 */
export const limitedSilences = 4;
/** Answers above which a host's own loss is known. Reasoned: until then the worse of its own and the link's counts. */
export const ownLossAnswers = 8;
/** Losses that are no accident any more. Reasoned: fewer happen to every host on a lossy path. */
export const firstSuspicion = 5;
/**
 * Refusals from which on a host that drops nearly everything may be one that limits them. Reasoned: few such have so many.
 */
export const manyRefusals = 8;
/** Times the losses after which to look again. Reasoned: a hunt that found nothing is not repeated at once. */
export const suspicionGrowth = 4;
/** Lost to answered, at 45 % loss. Reasoned: beyond it a limiter is likelier than a path that anybody would use. */
export const suspiciousOdds = 0.82;
/**
 * Times oftener that refusals come late than those who serve. Measured: without it chance at 36 % loss was taken for a
 * limit, since after each answer it is looked at anew.
 */
export const clearlyLater = 2;
/**
 * Microseconds of a SYN+ACK sent again. Source: a listener's first time-out is a second (RFC 6298, 2.1), less a clock's
 * slack. Measured: taken for round trips, 2000 ports at 20 % loss took up to 40 s; they take 8 at most.
 */
export const leastRepetitionUs = 950_000;
/** Smoothed round trips that it is longer as well. Reasoned: on a path of seconds a second is no repetition. */
export const leastRepetitionRtts = 4;

// ICMP errors, and questions that wait for them (error-source.ts, limited-answers.ts, slow-lane.ts, error-meter.ts)

/** Probes a second there at first. Reasoned: limits let a few a second through; faster shows no more of them. */
export const slowLanePps = 50;
/**
 * Errors that tell ports apart after which more are to be expected. Reasoned: one alone may be a stray, or all that was saved
 * up.
 */
export const fewestPortErrors = 2;
/** Transmissions before the slow lane. Reasoned: whoever answers himself has been heard by then. */
export const asksBeforeSlow = 2;
/**
 * Microseconds to wait for errors that only show a filter, and for the second that tells ports apart. Reasoned: two of the
 * slowest limiter.
 */
export const filterPatienceUs = 2_000_000;
/** Microseconds without an error after which none will come. Reasoned: ten of the slowest limiter, one a second. */
export const quietUs = 10_000_000;
/** Seconds that the rest is waited for, at the limit found. Reasoned: as long as for one that is quiet. */
export const worthwhileSeconds = 10;
/** Times the time that the rest needs. Reasoned: a limit is known to a fraction, and probes are lost. */
export const restPatience = 1.5;
/** Seconds more. Source: the slowest limiter's next answer. */
export const restSlackSeconds = 1;
/** Share answered at a slow pace that says nobody limits it. Reasoned: more than half. */
export const mostlyAnswered = 0.5;
/** Errors of one sender whose times are kept. Reasoned: some more than {@link plentyOfErrors}. */
export const rememberedErrors = 32;
/** Gaps from which a rate is told. Reasoned: fewer are chance. */
export const fewestGaps = 3;
/** Share of a gap that a pause between probes may take while a limiter is pressed. Reasoned: an error comes late by that. */
export const pressingShare = 1 / 4;
/** Such gaps from which their mean is told. Reasoned: six vary by less than a tenth together, for probes are faster. */
export const fewestPressedGaps = 6;
/** Steps towards a rate that says itself how long its limiter saves up. Reasoned: each halves what is missing, about. */
export const figureSteps = 5;
/** Errors under the limit of which all are counted. Reasoned: their mean is better than that of the remembered. */
export const plentyOfErrors = 24;
/** Answers of a span. Reasoned: rounds bring one or two where a limit is low; five are off by a fifth by chance. */
export const figureSpanAnswers = 5;
/** Spans of which the figure of a limit is made. Reasoned: it may change; the mean of so many is steady. */
export const figureSpans = 64;
/** How far from their median one may be. Reasoned: more than chance explains, less than what is saved up shows. */
export const figureSpread = 0.35;
/** Spans from which it is told. Reasoned: of two the median is a guess. */
export const fewestFigureSpans = 3;
/** Errors to later transmissions that make a limiter likely. Reasoned: as {@link firstSuspicion}. */
export const fewestLateErrors = 5;
/** Errors that a sender had saved up. Source: Linux saves six (XRLIM_BURST_FACTOR in net/ipv4/route.c). */
export const savedUpErrors = 6;
/** Senders of errors. Reasoned: those that are made up must not fill the memory. */
export const mostErrorSenders = 1024;

// Whether a host is still there (liveness.ts, sentinels.ts)

/** Silences in a row. Reasoned: fewer ask for no sentinel, so that a burst of loss does not. */
export const fewestSuspicious = 12;
/** Silences in a row that do. Reasoned: a sentinel is one packet, worth it for every 64 that came to nothing. */
export const mostUnsuspicious = 64;
/**
 * Errors of a host that wait for its end. Reasoned: who bans by errors, or refuses by them what is too fast, sends them at Linux'
 * limit, six at once and four a second at most; who has none shows by the first {@link errorsToTry} what they are about.
 */
export const mostKeptErrors = 256;
/** Errors of which some are tried before the end. Reasoned: Linux' limit is not met by so many while a scan is short. */
export const errorsToTry = 32;
/** Errors of a trial. Reasoned: some ports may be refused always; three of them are hardly ever, beside others that are not. */
export const triedErrors = 3;
/**
 * The same where there are few. Source: nftables and iptables save up five unless told otherwise; these are to use them up, so that
 * the sentinel after them meets the limit.
 */
export const triedOfFew = 5;
/**
 * Standard deviations from a random order of answers and errors at which these are tried. Source: chance exceeds it in one case of
 * five. Reasoned: a trial is four packets and a round trip.
 */
export const orderedDeviations = 1.28;
/** -ln of the chance of such a silence from a host as it was. Source: e^-8, one in 3000. */
export const silenceSurprise = 8;
/** Silent sentinels at least. Reasoned: the third is an open port, where one is known (sentinels.ts). */
export const fewestSentinelTries = 3;
/**
 * -ln of the chance that loss alone silences all sentinels. Source: -ln(1/1,000,000): a scan asks often, and early the
 * loss seen may be half of the true one. Measured: no false block in 400 runs at 10 % loss each way; three before.
 */
export const sentinelEvidence = 13.8;
/** Microseconds. Source: the slowest limiter in use lets one answer a second through. Reasoned: three of those. */
export const limitedPatienceUs = 3_000_000;
/** Microseconds after an outage. Source: Linux looks for a neighbour three times, a second each (arp(7)). */
export const neighbourPatienceUs = 3_000_000;
/** Microseconds. Source: the BSDs count resets by the second (net.inet.icmp.icmplim), and a tenth more. */
export const refusalPatienceUs = 1_100_000;
/**
 * Microseconds, where all that answered did so later than it was waited for. Source: FreeRADIUS holds a refusal back for
 * a second, for five at most by its own advice (radiusd.conf, reject_delay), and a second more.
 */
export const latePatienceUs = 6_000_000;
/** Sentinels of a kind. Reasoned: so many take turns that no service is worn out. */
export const mostOfAKind = 3;

// Turns and clocks (scheduler, host-pace, sender, host-queue, host-rates, task-picker, timer-wheel)

/** Questions from which a host finds its own pace. Reasoned: eight smallest rounds teach something. */
export const ownPaceFrom = 64;
/** Questions from which a limit is looked for where losses suggest one. Reasoned: fewer get through by being asked again. */
export const suspectedFrom = 16;
/** Microseconds of a missed pause that may be caught up. Reasoned: threads wait that long; more bursts into queues. */
export const burstUs = 4000;
/** Microseconds at which hosts awake. Reasoned: four a millisecond, far less than what may be caught up. */
export const paceTickUs = 250;
/** Microseconds looked ahead for the next timer. Reasoned: a hundred ticks; waking early costs one empty turn. */
export const lookAheadUs = 100_000;
/** Slots of a timer wheel, a power of two. Source: ticks of a millisecond make a horizon of four seconds. */
export const wheelSlots = 4096;
/** Hosts judged at once. Measured: looking at all of them each time took a tenth of a scan. */
export const judgedAtOnce = 64;
/**
 * Hosts that wait for their turn to send, at most: others come when these have sent. Measured: of a /16 of one port 64 to
 * 256 take least time (4096: a seventh more of the processors', and 40 MB).
 */
export const mostReady = 256;
/** Probes of a host before the next has its turn. Reasoned: keeps its state in the cache, stays fair. */
export const turnProbes = 8;
/** The same where no other waits. Reasoned: nobody is treated unfairly. */
export const turnProbesAlone = 64;

// The end of a sweep's blocks (sweep/cooldown.ts)

/** Largest round trips that are listened for. Reasoned: queues that fill make later ones longer. */
export const cooldownRtts = 4;
/** Microseconds. Reasoned: near targets have slow paths too; twice what trace.ts gives a router. */
export const leastCooldownUs = 200_000;
/** Microseconds. Reasoned: four round trips of two seconds, longer than paths are. */
export const mostCooldownUs = 8_000_000;

// Bans that end (bans.ts)

/** Times as long as it was gone that a host answers where that was no ban. Reasoned: a scan makes its way then. */
export const banFactor = 4;
/**
 * Microseconds. After each ban but the first the rate is halved, where one came sooner quartered. Reasoned: it is far too
 * high.
 */
export const soonBannedUs = 1_000_000;
/** Probes per second at most from the second ban on, before that factor. Reasoned: twice the usual start of a host. */
export const fastestAfterBanPps = 4000;
/** Probes per second at least. Reasoned: who bans for less is no better off for being asked slower. */
export const slowestAfterBanPps = 1;
/** Bans after which a host is given up. Reasoned: six steps lead to the slowest; twice that, the rest is chance. */
export const mostBans = 12;
