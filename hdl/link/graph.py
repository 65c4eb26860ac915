"""The states of the executor, and which follow which."""

from enum import Enum, auto


class LinkState(Enum):
    """What the executor is doing; a core's service adds states of its own.

    ::

        IDLE -> SEQ -> OP -> LENGTH -> CHECK -> BEGIN      a request is read and judged
        IDLE -> SEEK -> TOTAL                              frames were dropped: the counter
        CHECK -> TOTAL ... -> BEGIN                        `Service.settle`: what is owed, first
        BEGIN -> SKIP ... -> ANSWER                        refused; also from wherever it fails
        BEGIN -> ANSWER                                    STATUS
        BEGIN -> ready                                     HELLO; `Service.ready` is the core's
        BEGIN -> WORD ... -> RENEW -> TOTAL -> ... ready   RESET
        BEGIN -> first                                     what a service does; `Ask.first`
        BEGIN -> REGION -> INDEX ...                       READ, WRITE
        INDEX -> COUNT -> JUDGE                            READ: do all its indices exist?
        JUDGE -> FORTH -> JUDGE ... -> TURN -> BACK -> GROW -> BACK ... -> EXTENT -> SIZE
        INDEX -> GATHER ... -> ALIGN ... -> PUT            WRITE: a value comes in
        PUT -> ASK -> DONE -> GATHER ... -> ANSWER         WRITE: it is written
        ANSWER -> MEASURE -> SIZE -> STATUS                the reply's length and status
        STATUS -> END                                      there is nothing more to say
        STATUS -> EXPECTED -> END                          a wrong number
        STATUS -> NONCE ... -> EXPECTED -> CORE -> END     STATUS
        STATUS -> NONCE ... -> SEEK -> VALUE               HELLO: what it tells, byte by byte
        STATUS -> VALUE -> ASK -> GIVE ... -> VALUE        READ
        STATUS -> VALUE -> PLACE -> VALUE ... -> END       READ of counters, HELLO
        STATUS -> tell                                     what a service tells; `Ask.tell`
        TOTAL -> ADD -> TOTAL ...                          counters, a byte at a time
        ADD -> ready                                       RESET
        ADD -> END                                         what a service counts
        ADD -> EXPECTED -> REPORT -> ANSWER                a report
        END -> IDLE
    """

    IDLE = auto()
    SEQ = auto()
    OP = auto()
    LENGTH = auto()
    CHECK = auto()
    BEGIN = auto()
    SKIP = auto()
    ANSWER = auto()
    MEASURE = auto()
    SIZE = auto()
    STATUS = auto()
    NONCE = auto()
    EXPECTED = auto()
    CORE = auto()
    END = auto()
    SEEK = auto()
    REPORT = auto()
    WORD = auto()
    RENEW = auto()
    REGION = auto()
    INDEX = auto()
    COUNT = auto()
    JUDGE = auto()
    TURN = auto()
    FORTH = auto()
    BACK = auto()
    GROW = auto()
    EXTENT = auto()
    VALUE = auto()
    ASK = auto()
    PLACE = auto()
    GIVE = auto()
    GATHER = auto()
    ALIGN = auto()
    PUT = auto()
    DONE = auto()
    TOTAL = auto()
    ADD = auto()
