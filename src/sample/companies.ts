import { toMinor } from '../graphql/money.ts';
import type { Setting } from './draft.ts';
import { COMPANY_BEGINNINGS, COMPANY_ENDINGS, COUNTRIES, type Country, SECTORS } from './names.ts';
import { exampleDomain } from './people.ts';
import type { Random } from './random.ts';

/** A company as the world knows it; accounts and leads tell more or less of it. */
export interface Company {
  name: string;
  /** The name without its legal form. */
  shortName: string;
  domain: string;
  website: string;
  industry: string;
  employees: number;
  annualRevenue: bigint;
  country: Country;
  phone: string;
  address: {
    street: string;
    city: string;
    state: string | null;
    postalCode: string;
    country: string;
  };
}

const MEDIAN_EMPLOYEES = { 1: 2400, 2: 600, 3: 120 } as const;

/** Makes companies whose names are all clearly different, so that similar ones in the sample are meant to be. */
export class CompanyMaker {
  private readonly taken = new Set<string>();

  constructor(
    private readonly setting: Setting,
    private readonly random: Random,
  ) {}

  next(size: 1 | 2 | 3): Company {
    const { random } = this;
    const { industry, word, stem } = this.newName();
    const country = random.pickBy(COUNTRIES, (one) => (one === COUNTRIES[0] ? 3 : 2));
    const shortName = `${stem} ${word}`;
    const name = random.chance(0.65) ? `${shortName} ${random.pick(country.legalForms)}` : shortName;
    return this.located({
      name,
      shortName,
      domain: exampleDomain(stem),
      industry,
      size,
      country,
    });
  }

  /** A company of the same business with another name, at a place of its own. */
  related(
    to: Company,
    name: { shortName: string; name: string },
    domainSuffix: string,
    country = to.country,
  ): Company {
    const domain = to.domain.replace('.example', `-${domainSuffix}.example`);
    return this.located({ ...name, domain, industry: to.industry, size: 3, country });
  }

  private located(given: {
    name: string;
    shortName: string;
    domain: string;
    industry: string;
    size: 1 | 2 | 3;
    country: Country;
  }): Company {
    const { random, setting } = this;
    const { name, shortName, domain, industry, size, country } = given;
    const employees = rounded(Math.max(8, random.logNormal(MEDIAN_EMPLOYEES[size], 0.5)));
    const revenue = rounded((employees * random.integer(110, 290)) / 10) * 10_000;
    const place = random.pick(country.cities);
    return {
      name,
      shortName,
      domain,
      website: `https://www.${domain}`,
      industry,
      employees,
      annualRevenue: toMinor(String(revenue), setting.organization.currency)!,
      country,
      phone: phoneNumber(random, country),
      address: {
        street: `${random.pick(country.streets)} ${random.integer(1, 180)}`,
        ...place,
        country: country.name,
      },
    };
  }

  /** Beginning and ending are each used once per business: two names never share enough letters to be similar. */
  private newName(): { industry: string; word: string; stem: string } {
    for (;;) {
      const { industry, words } = this.random.pick(SECTORS);
      const word = this.random.pick(words);
      const beginning = this.random.pick(COMPANY_BEGINNINGS);
      const ending = this.random.pick(COMPANY_ENDINGS);
      const stem = `${beginning}${ending}`;
      const keys = [stem, `${beginning} ${word}`, `${ending} ${word}`];
      if (keys.some((key) => this.taken.has(key))) continue;
      for (const key of keys) this.taken.add(key);
      return { industry, word, stem };
    }
  }
}

/** Two significant digits, as people tell sizes. */
function rounded(value: number): number {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(value)) - 1);
  return Math.round(value / unit) * unit;
}

export function phoneNumber(random: Random, { phone }: Country): string {
  return random.pick(phone.prefixes) + digits(random, phone.digits);
}

export function mobileNumber(random: Random, { mobile }: Country): string | null {
  return mobile && mobile.prefix + digits(random, mobile.digits);
}

function digits(random: Random, count: number): string {
  return String(random.integer(0, 10 ** count - 1)).padStart(count, '0');
}
