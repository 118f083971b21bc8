/** Words of the sample: no company, person or address of the real world is meant. */

export const FIRST_NAMES =
  `Aila Alma Anton Arvid Basil Bea Bruno Cleo Clara Corin Dario Delia Edda Elias Emil Enid Esme Fabia Felix Finn
  Gerda Greta Hanno Hugo Ida Ilse Ines Ivo Jana Jonas Jorin Juna Kaja Karl Lea Levin Lida Linus Lotte Luca Mara Marlo Mika Milo Mona Nele
  Nils Nora Odo Olive Oskar Pia Quint Remy Rosa Ruben Runa Selma Silas Simona Svea Tamsin Theo Thea Tilda Tom Ulla Vera Vito Wanda Yara
  Zeno`.split(/\s+/);

export const LAST_NAMES =
  `Abendrot Albrecken Amberlin Ashgrove Barlowe Bellinger Birkholt Blumquist Brackwater Brandeis Calloway Carrick
  Castellan Dahlgrau Dallimore Darnel Eschbrook Eversleigh Fairhaven Falkenrath Farrowby Fenwright Fontanel Garrowby Glasmeyer Goldfinch
  Grauwald Halversen Hartwell Hazelden Heidekamp Hollander Ingleby Isenhart Jarvinne Kaltbrunn Kestelmann Kirchgang Lachapel Langstrom
  Larkspur Lindqvist Lockhart Marchand Merriweath Morgenstein Nachtigall Northcote Oakhurst Ostermark Pellegrine Penhallow Quillmark
  Rabenau Ravenscar Redfern Rosenquell Saltmarsh Sandoval Schonfeldt Silverlake Sommerau Steenwick Tannhof Thistlewood Thornbury Umbrecht
  Vandermolen Varnholt Verdier Wachholder Weatherby Weissdorn Whitlock Winterbourne Wolkenstein Yarrowby Zimmerlin`.split(
    /\s+/,
  );

/** Two halves of an invented company name. */
export const COMPANY_BEGINNINGS =
  `Quor Vesk Tarn Brix Zeph Mulv Orrin Plam Dresk Hulv Fjarn Kelph Wend Skav Yarr Grev Nolv Trask Umbr Lorv
  Bjel Cavr Drom Elph Fenv Gorm Hesk Ildr Jorv Kranv Lusk Marv Nerv Ostr Pelv Rusk Selv Thorv Ulv Varn`.split(
    /\s+/,
  );
export const COMPANY_ENDINGS =
  `adell enholt imora uvane owick astead erquist ilund obrook andra ethorp uden`.split(/\s+/);

export const SECTORS: { industry: string; words: string[] }[] = [
  { industry: 'Manufacturing', words: ['Engineering', 'Machinery', 'Tooling'] },
  { industry: 'Technology', words: ['Software', 'Systems', 'Robotics'] },
  { industry: 'Healthcare', words: ['Clinics', 'Diagnostics', 'Medical'] },
  { industry: 'Financial Services', words: ['Insurance', 'Leasing', 'Capital'] },
  { industry: 'Transportation', words: ['Logistics', 'Freight', 'Shipping'] },
  { industry: 'Energy', words: ['Energy', 'Solar', 'Gridworks'] },
  { industry: 'Retail', words: ['Outfitters', 'Markets', 'Home'] },
  { industry: 'Food & Beverage', words: ['Foods', 'Bakeries', 'Brewing'] },
];

/** Divisions of a group that are accounts of their own. */
export const DIVISIONS = [
  'Services',
  'International',
  'Digital',
  'Partners',
  'Trading',
  'Ventures',
  'Works',
  'Direct',
];

export interface Country {
  name: string;
  legalForms: string[];
  cities: { city: string; state: string | null; postalCode: string }[];
  streets: string[];
  /** Prefixes of numbers their regulators keep free for fiction; the digits after them are `digits` many. */
  phone: { prefixes: string[]; digits: number };
  mobile: { prefix: string; digits: number } | null;
}

export const COUNTRIES: Country[] = [
  {
    name: 'Germany',
    legalForms: ['GmbH', 'AG', 'GmbH & Co. KG'],
    cities: [
      { city: 'Hamburg', state: null, postalCode: '20095' },
      { city: 'Berlin', state: null, postalCode: '10115' },
      { city: 'München', state: null, postalCode: '80331' },
      { city: 'Köln', state: null, postalCode: '50667' },
    ],
    streets: ['Speicherweg', 'Lindenallee', 'Am Alten Kontor', 'Werkstraße', 'Mühlengasse'],
    phone: { prefixes: ['+49 30 23125 ', '+49 40 66969 ', '+49 69 90009 ', '+49 89 99998 '], digits: 3 },
    mobile: null,
  },
  {
    name: 'United Kingdom',
    legalForms: ['Ltd', 'plc'],
    cities: [
      { city: 'London', state: null, postalCode: 'EC1A 1AA' },
      { city: 'Leeds', state: null, postalCode: 'LS1 1AA' },
      { city: 'Manchester', state: null, postalCode: 'M1 1AA' },
    ],
    streets: ['Mill Lane', 'Harbour Row', 'Foundry Street', 'Station Approach'],
    phone: { prefixes: ['+44 20 7946 0', '+44 113 496 0', '+44 161 496 0'], digits: 3 },
    mobile: { prefix: '+44 7700 900', digits: 3 },
  },
  {
    name: 'United States',
    legalForms: ['Inc.', 'LLC', 'Corp.'],
    cities: [
      { city: 'Boston', state: 'MA', postalCode: '02108' },
      { city: 'Austin', state: 'TX', postalCode: '78701' },
      { city: 'Portland', state: 'OR', postalCode: '97201' },
    ],
    streets: ['Wharf Street', 'Market Square', 'Elm Avenue', 'Industrial Parkway'],
    phone: { prefixes: ['+1 617 555 01', '+1 512 555 01', '+1 503 555 01'], digits: 2 },
    mobile: { prefix: '+1 971 555 01', digits: 2 },
  },
  {
    name: 'France',
    legalForms: ['SARL', 'SAS', 'SA'],
    cities: [
      { city: 'Lyon', state: null, postalCode: '69001' },
      { city: 'Nantes', state: null, postalCode: '44000' },
      { city: 'Paris', state: null, postalCode: '75002' },
    ],
    streets: ['rue du Comptoir', 'quai des Tanneurs', 'avenue des Ateliers'],
    phone: { prefixes: ['+33 1 99 00 ', '+33 2 61 91 ', '+33 4 65 71 '], digits: 4 },
    mobile: { prefix: '+33 6 39 98 ', digits: 4 },
  },
];
