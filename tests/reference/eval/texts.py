"""Sentences written for this project in the manner of English news, and seeded variants of them."""

import json
import pathlib
import random

DATA = pathlib.Path(__file__).resolve().parents[2] / "data" / "eval"

SENTENCES = [
    "The governor of Central Java opened a new market in Semarang on Monday morning.",
    "Prices of rice rose 2.5 percent in March, the statistics agency said.",
    "\"We will not raise the fare this year,\" Transport Minister Dewi Lestari told reporters.",
    "The ministry has set aside Rp1.250.000.000 (about US$80,000) for the repair of 14 bridges.",
    "At least 37 people were injured, 12 of them seriously, when a bus overturned near Cianjur.",
    "The match ended 3-1; Persib's captain scored twice in the last 10 minutes.",
    "Police arrested two suspects, identified only as A.S., 34, and R., 29, at 18.35 local time.",
    "The island-hopping ferry, which carries 250-300 passengers, will sail again on 17-18 August.",
    "Economists at Bank Indonesia expect growth of 5.1%-5.3% in 2024/25.",
    "Farmers' groups in East Nusa Tenggara say they've waited since 2019 for an irrigation canal.",
    "\u201cIt\u2019s a long road,\u201d said Siti \u2014 a nurse at the clinic \u2014 \u201cbut we\u2019re walking it.\u201d",
    "The caf\u00e9 on Jalan Pemuda sells cr\u00e8me br\u00fbl\u00e9e for Rp 25,000 and coffee for \u20ac2.",
    "Temperatures reached 36\u00b0C in Surabaya, the highest since records began in 1981\u2026",
    "R&D spending rose, but Q&A sessions &amp; hearings were cut by the <b>committee</b>.",
    "Visit https://example.org/news?id=42&page=3 or write to desk@example.org for details.",
    "No.",
    "Why?",
    "",
    "The the the the the cat.",
    "He said: \"Stop!\" - and they stopped...",
    "Mount Semeru erupted on Sunday, sending a column of ash 1,500 metres into the sky and closing the airport in Malang.",
    "Residents of three villages were told to stay at least five kilometres away from the crater.",
    "The Constitutional Court rejected the petition by a vote of six to three.",
    "Garuda Indonesia said its net loss narrowed to $72.4 million from $131.2 million a year earlier.",
    "The president, speaking in Bogor, promised that the new capital's first hospital would open by June.",
    "Rainfall is expected to continue until Thursday, according to the weather agency (BMKG).",
    "Fishermen in Natuna reported seeing foreign vessels \u2013 some of them armed \u2013 inside the exclusive zone.",
    "\u5370\u5ea6\u5c3c\u897f\u4e9a and Indonesia are the same country, the guide joked.",
    "A 7.1-magnitude quake struck at a depth of 10km; no tsunami warning was issued.",
    "Jakarta\u00a0\u2013 The city council approved the budget.",
    "Schools will reopen on 08/01, the head of the education office said, 'if all goes well'.",
    "She won gold in the women's 49kg class, lifting 84+110=194 kilograms.",
    "The company's shares (IDX: ABCD) fell 4.75% to 1.205 per share at 14:30 WIB.",
    "Officials denied the report. They called it \"baseless\" and \"misleading\".",
    "In 2023, nearly 1 in 5 children under five was stunted, down from 1 in 4 in 2019.",
    "The bridge, 1.2 km long, cost Rp. 2,3 trillion - twice the original estimate.",
]

WORDS = "the a of minister police island price said in on new people year which rice harbour rain , . - \" 2.5 1,000".split()


def edited(sentence, rng, rate):
    """`sentence` with words dropped, doubled, swapped, replaced, re-cased or cut at about `rate` of its positions."""
    words = sentence.split(" ")
    out = []
    for word in words:
        if rng.random() >= rate:
            out.append(word)
            continue
        kind = rng.randrange(7)
        if kind == 0:
            continue
        if kind == 1:
            out += [word, word]
        elif kind == 2:
            out.append(rng.choice(WORDS))
        elif kind == 3:
            out.append(word.lower() if rng.random() < 0.5 else word.upper())
        elif kind == 4:
            out.append(word.rstrip(".,;:!?\""))
        elif kind == 5:
            out.insert(rng.randrange(len(out) + 1), word)
        else:
            out.append(word[: max(1, len(word) // 2)])
    if rng.random() < rate / 2:
        cut = rng.randrange(len(out) + 1)
        out = out[cut:] + out[:cut]
    return " ".join(out)


def system(seed, rate):
    """One output per sentence."""
    rng = random.Random(seed)
    return [edited(sentence, rng, rate) for sentence in SENTENCES]


def write(name, value):
    """Writes the object `value` to the data file `name`, one element of each list a line; floats keep all their digits."""

    def lines(part):
        if not isinstance(part, list):
            return json.dumps(part, ensure_ascii=False)
        return "[\n" + ",\n".join(json.dumps(x, ensure_ascii=False) for x in part) + "\n]"

    DATA.mkdir(parents=True, exist_ok=True)
    body = ",\n".join(f"{json.dumps(key)}: {lines(part)}" for key, part in value.items())
    (DATA / name).write_text("{" + body + "}\n", encoding="utf-8")
