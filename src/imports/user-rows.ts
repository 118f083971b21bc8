import { boolean } from './cell-values.ts';
import type { FileShape } from './drafts.ts';

export interface UserDraft {
  name: string | null;
  email: string | null;
  isActive: boolean;
}

export const userFile: FileShape<UserDraft> = {
  file: 'User.csv',
  type: 'users',
  requiredColumns: ['Id'],
  read(row) {
    const parts = [row.text('FirstName'), row.text('LastName')].filter((part) => part !== null);
    return {
      name: row.text('Name') ?? (parts.join(' ') || null),
      email: row.text('Email'),
      isActive: row.read('IsActive', boolean) ?? true,
    };
  },
};
